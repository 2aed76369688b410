package dev.perennial.data;

import dev.perennial.data.official.Listing;
import dev.perennial.data.official.OfficialLayout;
import dev.perennial.data.official.Picture;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A split of a public data set in its authors' layout. */
final class OfficialDataset implements Dataset {
    private final DatasetInfo info;
    private final List<Listing.Entry> entries;

    private OfficialDataset(DatasetInfo info, List<Listing.Entry> entries) {
        this.info = info;
        this.entries = entries;
    }

    /** Returns where a data set of this layout lies. */
    static DatasetSource source(OfficialLayout layout, String name, Path root) {
        return new DatasetSource(split -> open(layout, name, root, split), layout::splits);
    }

    private static Dataset open(OfficialLayout layout, String name, Path root, String split) {
        if (!layout.splits().contains(split)) {
            throw new DatasetException(root + ": " + name + " has no split '" + split + "'; it has " + layout.splits());
        }
        try {
            Listing listing = layout.list(root, split);
            if (listing.entries().isEmpty()) {
                throw new DatasetException(root + ": " + name + " has no picture in its split '" + split + "'");
            }
            return new OfficialDataset(
                    new DatasetInfo(name, split, listing.classNames(), listing.templates(), List.of()),
                    listing.entries());
        } catch (IllegalArgumentException e) {
            throw new DatasetException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Sample sample(int position) {
        Listing.Entry entry = entries.get(position);
        return new Sample(
                entry.key(),
                position,
                image(entry),
                OptionalInt.of(entry.label()),
                Optional.of(info.classNames().get(entry.label())),
                Map.of(),
                Map.of());
    }

    private ImageSource image(Listing.Entry entry) {
        return switch (entry.picture()) {
            case Picture.InFile(Path file) ->
                inFile(entry, file)
                        .source(reason -> new BadSampleException(new BadSample(info.title(), entry.key(), reason)));
            case Picture.Packed packed ->
                ImageSource.of(
                        info.title() + " " + entry.key(), () -> packed.encoded().get());
        };
    }

    private static FileImage inFile(Listing.Entry entry, Path file) {
        return new FileImage(entry.key(), file, SampleRecord.EMPTY, Optional.empty());
    }

    @Override
    public int[] labels() {
        return entries.stream().mapToInt(Listing.Entry::label).toArray();
    }

    /** Files count with their names and sizes, packed pictures with their pixels. */
    @Override
    public String hash() {
        var hash = new ContentHash().add("official").add(info.classNames());
        for (Listing.Entry entry : entries) {
            hash.add(entry.key()).add(entry.label());
            switch (entry.picture()) {
                case Picture.InFile(Path file) -> hash.add(inFile(entry, file).size());
                case Picture.Packed packed -> {
                    MessageDigest digest = ContentHash.sha256();
                    digest.update(packed.encoded().get());
                    hash.add(ContentHash.hex(digest));
                }
            }
        }
        return hash.hex();
    }

    @Override
    public void close() {
        // Every read opens and closes its file.
    }
}
