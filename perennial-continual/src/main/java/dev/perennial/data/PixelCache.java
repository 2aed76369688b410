package dev.perennial.data;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.image.RgbImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A data set whose images were decoded and made square once, and lie as 8-bit RGB in a memory-mapped file, so that further
 * epochs need no decoding.
 *
 * <p>{@link ImageSource#decode()} of its samples, and of those of every view of it, gives the prepared square; bad images are
 * remembered. The file belongs to the contents of the data set and the preparation, and is safe to delete.
 */
public final class PixelCache implements Dataset {
    private final Dataset base;
    private final PixelFile pixels;

    private PixelCache(Dataset base, PixelFile pixels) {
        this.base = base;
        this.pixels = pixels;
    }

    /** Is told how far the building of a cache is. */
    @FunctionalInterface
    public interface Progress {
        /** Hears that so many of all samples are done. */
        void done(int samples, int total);
    }

    /**
     * Opens the cache of a data set, building it first if there is none.
     *
     * @param preprocessing what makes an image square, deterministically
     * @param folder where cache files lie
     * @param threads threads that decode while building
     * @param progress is told by the calling thread while building
     * @throws DatasetException if every sample is bad
     */
    public static PixelCache open(
            Dataset dataset, Preprocessing preprocessing, Path folder, int threads, Progress progress) {
        return open(
                dataset,
                preprocessing.imageSize(),
                preprocessing.fingerprint(),
                preprocessing::square,
                folder,
                threads,
                progress);
    }

    static PixelCache open(
            Dataset dataset,
            int size,
            String fingerprint,
            UnaryOperator<RgbImage> square,
            Path folder,
            int threads,
            Progress progress) {
        String key = new ContentHash().add(dataset.hash()).add(fingerprint).hex();
        var shape = new PixelFile.Shape(key, size, dataset.size());
        Path file = folder.resolve(key.substring(0, 32) + ".pixels");
        Optional<PixelFile> present = PixelFile.open(file, shape);
        if (present.isEmpty()) {
            new PixelCacheBuilder(dataset, shape, square, progress).build(file, threads);
            present = PixelFile.open(file, shape);
        }
        return new PixelCache(
                dataset, present.orElseThrow(() -> new DatasetException(file + ": was changed while it was built")));
    }

    @Override
    public DatasetInfo info() {
        return base.info();
    }

    @Override
    public int size() {
        return base.size();
    }

    @Override
    public Sample sample(int position) {
        Sample sample = base.sample(position);
        return sample.withImage(new CachedImage(sample, position));
    }

    @Override
    public int[] labels() {
        return base.labels();
    }

    @Override
    public String hash() {
        return base.hash();
    }

    @Override
    public void close() {
        base.close();
    }

    /** Reads the original bytes but decodes to the cached square. */
    private final class CachedImage implements ImageSource {
        private final Sample original;
        private final int position;

        CachedImage(Sample original, int position) {
            this.original = original;
            this.position = position;
        }

        @Override
        public String name() {
            return original.image().name();
        }

        @Override
        public byte[] read() {
            return original.image().read();
        }

        @Override
        public RgbImage decode() {
            Map<Integer, String> bad = pixels.bad();
            String reason = bad.get(position);
            if (reason != null) {
                throw new BadSampleException(new BadSample(info().title(), original.key(), reason));
            }
            return pixels.image(position);
        }
    }
}
