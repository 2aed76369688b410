package dev.perennial.stream;

import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A shard as a step of a stream: what is learned of it, and what is held out of it to judge on.
 *
 * @param experience what is learned
 * @param heldOut the samples whose keys have hashes in the lowest share of all hashes; they are the same in every opening
 */
public record ShardStep(Experience experience, EvaluationSet heldOut) implements AutoCloseable {
    static ShardStep open(Streams data, FollowSpec spec, Path shard, String name, int index) {
        Dataset all = data.open(spec.data(shard, name), "", OptionalInt.empty());
        try {
            List<Integer> learned = new ArrayList<>();
            List<Integer> judged = new ArrayList<>();
            double share = spec.heldOut().orElse(FollowSpec.HELD_OUT);
            int most = spec.mostHeldOut().orElse(Integer.MAX_VALUE);
            for (int position = 0; position < all.size(); position++) {
                boolean held = judged.size() < most && isHeldOut(all, position, share);
                (held ? judged : learned).add(position);
            }
            if (learned.isEmpty() || judged.isEmpty()) {
                throw new DatasetException(shard + ": of its " + all.size() + " samples, " + learned.size()
                        + " are to be learned and " + judged.size()
                        + " held out; a step needs both: make shards larger, or change held-out");
            }
            Supervision supervision = supervision(spec, all, name);
            Dataset train = select(all, learned);
            Dataset test = select(all, judged);
            requireCaptions(train, supervision, "to be learned");
            requireCaptions(test, supervision, "held out");
            return new ShardStep(
                    new Experience(index, name, train, supervision),
                    new EvaluationSet(name, test, supervision, OptionalInt.of(index)));
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** A sample whose record cannot be read is left to training, where it is counted. */
    private static boolean isHeldOut(Dataset dataset, int position, double share) {
        try {
            return fraction(dataset.sample(position).key()) < share;
        } catch (BadSampleException e) {
            return false;
        }
    }

    /** Returns where the hash of a key lies among all hashes, in {@code [0, 1)}. */
    static double fraction(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1p-53;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void requireCaptions(Dataset dataset, Supervision supervision, String what) {
        if (supervision instanceof Supervision.Captions(List<String> languages)
                && IntStream.range(0, dataset.size())
                        .noneMatch(position -> isCaptioned(dataset, position, languages))) {
            throw new DatasetException(dataset.name() + ": none of its " + dataset.size() + " samples that are " + what
                    + " has a caption in " + String.join(", ", languages));
        }
    }

    private static boolean isCaptioned(Dataset dataset, int position, List<String> languages) {
        try {
            var sample = dataset.sample(position);
            return languages.stream()
                    .anyMatch(language -> sample.captions(language).stream().anyMatch(caption -> !caption.isBlank()));
        } catch (BadSampleException e) {
            return false;
        }
    }

    private static Dataset select(Dataset dataset, List<Integer> positions) {
        return dataset.select(positions.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Supervision supervision(FollowSpec spec, Dataset dataset, String name) {
        if (!spec.captions().isEmpty()) {
            return new Supervision.Captions(spec.captions());
        }
        if (dataset.classNames().isEmpty()) {
            throw new DatasetException(
                    name + ": has no classes; name them with class-attribute and classes, or set captions");
        }
        return new Supervision.Labels(dataset.classNames(), Streams.templates(dataset));
    }

    @Override
    public void close() {
        experience.train().close();
    }
}
