package dev.perennial.run;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.data.BadSample;
import dev.perennial.data.ContentHash;
import dev.perennial.data.DatasetException;
import dev.perennial.data.SampleCheck;
import dev.perennial.follow.ShardEntry;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Experience;
import dev.perennial.stream.ExperienceStream;
import dev.perennial.stream.FollowSpec;
import dev.perennial.stream.ShardStep;
import dev.perennial.stream.Streams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The promoted shards of a followed folder, open, as the beginning of a stream. */
final class FollowedSteps implements AutoCloseable {
    private final String name;
    private final FollowSpec spec;
    private final Streams streams;
    private final Path inbox;
    private final List<EvaluationSet> control;
    private final List<ShardStep> promoted = new ArrayList<>();

    FollowedSteps(String name, FollowSpec spec, Streams streams, Path inbox, List<EvaluationSet> control) {
        this.name = name;
        this.spec = spec;
        this.streams = streams;
        this.inbox = inbox;
        this.control = control;
    }

    /** Opens the promoted shards of a journal, in place of those that are open; each must be as it was when it was learned. */
    void open(List<ShardEntry> entries) {
        close();
        for (ShardEntry entry : entries) {
            Optional<String> change = change(entry);
            if (change.isPresent()) {
                throw new ConfigException(inbox.resolve(entry.file()) + ": was learned as '" + entry.name() + "', and "
                        + change.get() + "; put it back as it was: later models are judged on what was held out of it");
            }
            promoted.add(step(entry));
        }
    }

    /** Returns in which way a shard is not what it was when it was met; nothing if it is. */
    Optional<String> change(ShardEntry entry) {
        Path file = inbox.resolve(entry.file());
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.of("is no longer there");
            }
            return Files.size(file) == entry.bytes() && ContentHash.ofFile(file).equals(entry.sha256())
                    ? Optional.empty()
                    : Optional.of("has changed since");
        } catch (IOException e) {
            return Optional.of("cannot be read (" + DurableFile.reason(e) + ")");
        }
    }

    /**
     * Opens a shard as the step after the promoted ones.
     *
     * @throws DatasetException if it is damaged
     */
    ShardStep step(ShardEntry entry) {
        return streams.step(spec, inbox.resolve(entry.file()), entry.name(), promoted.size());
    }

    /** Throws a DatasetException if more than a share of the samples of a step cannot be used. */
    static void requireGood(ShardStep step, double maxBadShare) {
        for (var part : List.of(step.experience().train(), step.heldOut().test())) {
            List<BadSample> bad = SampleCheck.badSamples(part);
            if (bad.size() == part.size() || bad.size() > maxBadShare * part.size()) {
                throw new DatasetException("%s: %d of %d samples cannot be used, more than the limit; the first is %s"
                        .formatted(step.experience().name(), bad.size(), part.size(), bad.getFirst()));
            }
        }
    }

    /** Returns the promoted steps and then this one as a stream. */
    ExperienceStream with(ShardStep step) {
        List<ShardStep> all = Stream.concat(promoted.stream(), Stream.of(step)).toList();
        List<Experience> experiences = all.stream().map(ShardStep::experience).toList();
        return new ExperienceStream(
                name,
                experiences,
                Stream.concat(all.stream().map(ShardStep::heldOut), control.stream())
                        .toList());
    }

    List<EvaluationSet> control() {
        return control;
    }

    int size() {
        return promoted.size();
    }

    /** Keeps a step that was promoted; it is closed with the others. */
    void add(ShardStep step) {
        promoted.add(step);
    }

    @Override
    public void close() {
        promoted.forEach(ShardStep::close);
        promoted.clear();
    }
}
