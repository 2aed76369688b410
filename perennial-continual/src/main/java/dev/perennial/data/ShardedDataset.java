package dev.perennial.data;

import dev.perennial.data.SampleRecord.Complaint;
import dev.perennial.data.Shard.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The samples of a list of open shards. */
final class ShardedDataset implements Dataset {
    private record Place(String key, Shard shard, Entry entry) {}

    private final List<Shard> shards;
    private final List<Place> places = new ArrayList<>();
    private final DatasetInfo info;
    private final ClassIndex classes;
    private final String textLanguage;
    private int @Nullable [] labels;

    ShardedDataset(List<Shard> shards, DatasetInfo info) {
        this.shards = List.copyOf(shards);
        this.info = info;
        this.classes = new ClassIndex(info.classNames());
        this.textLanguage = info.languages().isEmpty() ? "en" : info.languages().getFirst();
        var keys = new HashSet<String>();
        for (Shard shard : shards) {
            for (Entry entry : shard.entries()) {
                // Many data sets count keys from zero in every shard.
                String key = keys.add(entry.key()) ? entry.key() : shard.name() + "/" + entry.key();
                places.add(new Place(key, shard, entry));
            }
        }
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public Sample sample(int position) {
        Place place = places.get(position);
        Complaint bad = reason -> new BadSampleException(new BadSample(info.title(), place.key(), reason));
        ImageSource image = place.shard().image(place.entry(), info.title(), bad);
        SampleRecord sample = place.shard().sampleRecord(place.entry(), textLanguage, bad);
        return sample.toSample(place.key(), position, image, classes, bad);
    }

    @Override
    public synchronized int[] labels() {
        // Streams and few-shot draws ask again and again, and every record must be read for it.
        if (labels == null) {
            labels = Dataset.super.labels();
        }
        return labels.clone();
    }

    @Override
    public String hash() {
        return new ContentHash()
                .add("shards")
                .add(shards.stream().map(Shard::hash).toList())
                .add(info.classNames())
                .hex();
    }

    @Override
    public void close() {
        shards.forEach(Shard::close);
    }
}
