package dev.perennial.method.baseline;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.data.LoadedBatch;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Batch;
import dev.perennial.method.EndlessBatches;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.LearningPlan;
import dev.perennial.method.Method;
import dev.perennial.method.MethodContext;
import dev.perennial.method.MethodState;
import dev.perennial.method.tune.Tuning;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Joint training: all data of the stream from the beginning, the upper bound of methods that meet them one after another.
 *
 * <p>It takes as many steps as fine-tuning takes over the whole stream. Each is a batch of one experience, drawn by its number of
 * samples, under the labels of that experience; which experience is said to begin plays no part.
 */
final class Joint implements Method {
    private static final String PLACES = "places";

    private final Tuning tuning;
    private final MethodContext context;
    private final RandomStream choice;
    private final List<EndlessBatches> batches = new ArrayList<>();
    private boolean reading;

    Joint(Tuning tuning, MethodContext context) {
        this.tuning = tuning;
        this.context = context;
        this.choice = context.random().stream("joint choice");
    }

    @Override
    public LearningPlan begin(Experience experience) {
        read();
        return tuning.begin(experience);
    }

    @Override
    public LearningPlan resume(Experience experience) {
        read();
        return tuning.resume(experience);
    }

    private void read() {
        if (!reading) {
            List<Experience> stream = context.data().stream();
            while (batches.size() < stream.size()) {
                batches.add(newBatches());
            }
            for (int i = 0; i < stream.size(); i++) {
                batches.get(i).goOn(stream.get(i).train());
            }
            reading = true;
        }
    }

    private EndlessBatches newBatches() {
        return EndlessBatches.augmented(context.images(), context.random().stream("joint order"));
    }

    @Override
    public Tensor loss(Batch batch) {
        Experience drawn = drawn(context.data().stream());
        LoadedBatch loaded = batches.get(drawn.index()).next();
        return tuning.loss(new Batch(drawn, loaded.samples(), FrozenFeatures.pixels(loaded)));
    }

    private Experience drawn(List<Experience> stream) {
        long samples = stream.stream()
                .mapToLong(experience -> experience.train().size())
                .sum();
        long place = choice.nextLong(samples);
        for (Experience experience : stream) {
            place -= experience.train().size();
            if (place < 0) {
                return experience;
            }
        }
        throw new IllegalStateException("the stream has lost samples");
    }

    @Override
    public void stepped(int step) {
        tuning.stepped(step);
    }

    @Override
    public void end() {
        tuning.end();
    }

    @Override
    public AdaptedClip adapted() {
        return tuning.adapted();
    }

    @Override
    public MethodState save() {
        MethodState state = tuning.save();
        ObjectNode record = ((ObjectNode) state.record()).deepCopy();
        ArrayNode places = record.putArray(PLACES);
        batches.forEach(source -> source.save(places.addObject()));
        return new MethodState(state.tensors(), record);
    }

    @Override
    public void restore(MethodState state) {
        tuning.restore(state);
        stopReading();
        for (JsonNode place : state.record().path(PLACES)) {
            EndlessBatches source = newBatches();
            source.restore(place);
            batches.add(source);
        }
    }

    private void stopReading() {
        batches.forEach(EndlessBatches::close);
        batches.clear();
        reading = false;
    }

    @Override
    public long parameterCount() {
        return tuning.parameterCount();
    }

    @Override
    public void close() {
        stopReading();
        tuning.close();
    }
}
