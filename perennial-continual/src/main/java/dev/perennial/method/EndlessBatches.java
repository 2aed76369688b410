package dev.perennial.method;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.LoadedBatch;
import dev.perennial.data.Loader;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Batches of a data set beside the trainer's, in random order without end; the place is saved. */
public final class EndlessBatches implements AutoCloseable {
    private final MethodContext.Images images;
    private final RandomStream random;
    private final boolean augmented;
    private Optional<Place> place = Optional.empty();
    private Optional<Loader> loader = Optional.empty();

    private record Place(BatchSampler.Position position, long augmentationSeed) {}

    private EndlessBatches(MethodContext.Images images, RandomStream random, boolean augmented) {
        this.images = images;
        this.random = random;
        this.augmented = augmented;
    }

    /** Returns batches of nothing yet, which will be prepared as in evaluation, in orders drawn from this stream. */
    public static EndlessBatches plain(MethodContext.Images images, RandomStream random) {
        return new EndlessBatches(images, random, false);
    }

    /** Returns batches of nothing yet, which will be prepared as in training, in orders drawn from this stream. */
    public static EndlessBatches augmented(MethodContext.Images images, RandomStream random) {
        return new EndlessBatches(images, random, true);
    }

    /** Starts over a data set in a new order; the data set stays the caller's to close. */
    public void start(Dataset dataset) {
        var order = BatchSampler.shuffled(dataset.size(), images.batchSize(), random.nextLong());
        open(dataset, new Place(order.start(), augmented ? random.nextLong() : 0));
    }

    /** Goes on from the restored place, or starts if there is none. */
    public void goOn(Dataset dataset) {
        place.ifPresentOrElse(restored -> open(dataset, restored), () -> start(dataset));
    }

    private void open(Dataset dataset, Place from) {
        close();
        place = Optional.of(from);
        // The order follows from the position; the seed only matters at the start.
        var sampler = BatchSampler.shuffled(dataset.size(), images.batchSize(), 0);
        loader = Optional.of(
                augmented
                        ? images.loadAugmented(dataset, sampler, from.position(), from.augmentationSeed())
                        : images.load(dataset, sampler, from.position()));
    }

    /** Returns the next batch. */
    public LoadedBatch next() {
        Loader reading = loader.orElseThrow(() -> new IllegalStateException("no data set was given"));
        LoadedBatch batch = reading.next();
        place = place.map(before -> new Place(batch.next(), before.augmentationSeed()));
        return batch;
    }

    /** Adds the place, if there is one. */
    public void save(ObjectNode record) {
        place.ifPresent(at -> record.put("epoch", at.position().epoch())
                .put("offset", at.position().offset())
                .put("order", at.position().randomState())
                .put("augmentation-seed", at.augmentationSeed()));
    }

    /** Puts the place back, if one was saved. */
    public void restore(JsonNode record) {
        close();
        if (record.has("order")) {
            var position = new BatchSampler.Position(
                    record.required("epoch").asInt(),
                    record.required("offset").asInt(),
                    record.required("order").asLong());
            place = Optional.of(
                    new Place(position, record.required("augmentation-seed").asLong()));
        }
    }

    /** Ends reading; the place is forgotten. */
    @Override
    public void close() {
        loader.ifPresent(Loader::close);
        loader = Optional.empty();
        place = Optional.empty();
    }
}
