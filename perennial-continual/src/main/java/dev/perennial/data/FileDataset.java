package dev.perennial.data;

import dev.perennial.data.SampleRecord.Complaint;
import java.util.List;

/** Samples whose images are files of their own. */
final class FileDataset implements Dataset {
    private final DatasetInfo info;
    private final List<FileImage> images;
    private final ClassIndex classes;
    private final String sourceHash;

    /**
     * Creates the data set.
     *
     * @param sourceHash hash of what lists the images, such as a table
     */
    FileDataset(DatasetInfo info, List<FileImage> images, String sourceHash) {
        this.info = info;
        this.images = List.copyOf(images);
        this.classes = new ClassIndex(info.classNames());
        this.sourceHash = sourceHash;
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Sample sample(int position) {
        FileImage image = images.get(position);
        Complaint bad = reason -> new BadSampleException(new BadSample(info.title(), image.key(), reason));
        if (image.fault().isPresent()) {
            throw bad.apply(image.fault().get());
        }
        return image.sampleRecord().toSample(image.key(), position, image.source(bad), classes, bad);
    }

    @Override
    public String hash() {
        var hash = new ContentHash().add("files").add(sourceHash).add(info.classNames());
        images.forEach(image -> hash.add(image.key()).add(image.size()));
        return hash.hex();
    }

    @Override
    public void close() {
        // Every read opens and closes its file.
    }
}
