package dev.perennial.method.replay;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Samples of all experiences so far, as many as there is room for. */
final class Memory {
    private final Retention retention;
    private final List<Remembered> samples = new ArrayList<>();

    Memory(ReplayProvider.Policy policy, int capacity, RandomStream random) {
        this.retention = new Retention(policy, capacity, random);
    }

    /** Offers a sample, which is only made if it is kept. */
    void offer(String group, Supplier<Remembered> sample) {
        OptionalInt slot = retention.offer(group);
        slot.ifPresent(place -> {
            if (place == samples.size()) {
                samples.add(sample.get());
            } else {
                samples.set(place, sample.get());
            }
        });
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    List<Remembered> samples() {
        return List.copyOf(samples);
    }

    /**
     * Draws different samples of one experience, which is drawn by its share of the memory: every sample is equally likely, and the
     * texts of one experience alone have to be encoded.
     */
    List<Remembered> draw(int count, RandomStream random) {
        int experience = samples.get(random.nextInt(samples.size())).experience();
        List<Remembered> own = samples.stream()
                .filter(sample -> sample.experience() == experience)
                .toList();
        return IntStream.of(random.permutation(own.size()))
                .limit(count)
                .mapToObj(own::get)
                .toList();
    }

    void save(StateWriter state) {
        retention.save(state.record());
        if (samples.isEmpty()) {
            return;
        }
        int side = samples.getFirst().square().width();
        state.tensor(Squares.stored(
                "images", side, samples.stream().map(Remembered::square).toList()));
        longs(
                state,
                "experiences",
                samples.stream().mapToLong(Remembered::experience).toArray());
        longs(
                state,
                "labels",
                samples.stream().mapToLong(sample -> sample.label().orElse(-1)).toArray());
        longs(
                state,
                "response-lengths",
                samples.stream().mapToLong(sample -> sample.response().length).toArray());
        float[] responses = joined(samples.stream().map(Remembered::response).toList());
        state.tensor(StoredTensor.ofFloats("responses", new long[] {responses.length}, responses));
        ArrayNode captions = state.record().putArray("captions");
        samples.forEach(sample -> captions.add(sample.caption()));
    }

    void restore(StateReader state) {
        samples.clear();
        if (state.has("images")) {
            List<RgbImage> squares = Squares.restored(state.tensor("images"));
            long[] experiences = state.tensor("experiences").toLongs();
            long[] labels = state.tensor("labels").toLongs();
            long[] lengths = state.tensor("response-lengths").toLongs();
            float[] responses = state.tensor("responses").toFloats();
            JsonNode captions = state.record().required("captions");
            int from = 0;
            for (int i = 0; i < squares.size(); i++) {
                int to = from + (int) lengths[i];
                samples.add(new Remembered(
                        (int) experiences[i],
                        squares.get(i),
                        labels[i] < 0 ? OptionalInt.empty() : OptionalInt.of((int) labels[i]),
                        captions.required(i).asString(),
                        Arrays.copyOfRange(responses, from, to)));
                from = to;
            }
        }
        retention.restore(
                state.record(), samples.stream().map(Remembered::group).toList());
    }

    private static void longs(StateWriter state, String name, long[] values) {
        state.tensor(StoredTensor.ofLongs(name, new long[] {values.length}, values));
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
