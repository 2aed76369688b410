package dev.perennial.stream;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.perennial.data.DatasetFormat;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.OneOrMore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A folder in which WebDataset shards appear, each of which is a step to learn, as a configuration names it.
 *
 * @param folder where they appear
 * @param captions languages whose captions are learned and searched; none to learn and tell apart classes
 * @param classAttribute attribute whose values are the classes
 * @param classes class names by label; with {@code class-attribute} the values that count
 * @param templates prompt templates with {@code {}} for the class name
 * @param where attributes by name with the values that samples must have to be used, one of each
 * @param heldOut share of each shard, chosen by the hashes of its keys, that is never learned and judged on ever after, in {@code (0, 1)};
 *     {@value #HELD_OUT} if not stated
 * @param mostHeldOut largest number of samples of a shard that are held out; what is chosen beyond it is learned
 * @param pollSeconds pause between two looks into the folder, positive; {@value #POLL_SECONDS} if not stated
 * @param patienceSeconds how long a shard that does not change may be without its end mark before it is set aside, at least 0;
 *     {@value #PATIENCE_SECONDS} if not stated
 */
public record FollowSpec(
        String folder,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> captions,
        Optional<String> classAttribute,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> classes,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> templates,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, OneOrMore> where,
        OptionalDouble heldOut,
        OptionalInt mostHeldOut,
        OptionalDouble pollSeconds,
        OptionalDouble patienceSeconds) {
    /** The share that is held out where nothing is said. */
    public static final double HELD_OUT = 0.1;

    /** The pause between two looks where nothing is said. */
    public static final double POLL_SECONDS = 10;

    /** The patience with an unfinished shard where nothing is said. */
    public static final double PATIENCE_SECONDS = 600;

    /** The settings that say how the folder is watched, not what is learned. */
    public static final List<String> WATCHING = List.of("folder", "poll-seconds", "patience-seconds");

    /** Checks the ranges. */
    public FollowSpec {
        captions = List.copyOf(captions);
        classes = List.copyOf(classes);
        templates = List.copyOf(templates);
        where = Map.copyOf(where);
        if (folder.isBlank()) {
            throw new IllegalArgumentException("follow needs a folder");
        }
        if (!(heldOut.orElse(HELD_OUT) > 0 && heldOut.orElse(HELD_OUT) < 1)) {
            throw new IllegalArgumentException("held-out must be in (0, 1) but is " + heldOut.getAsDouble());
        }
        if (mostHeldOut.orElse(1) < 1) {
            throw new IllegalArgumentException("most-held-out must be at least 1 but is " + mostHeldOut.getAsInt());
        }
        if (!(pollSeconds.orElse(1) > 0) || !(patienceSeconds.orElse(0) >= 0)) {
            throw new IllegalArgumentException("poll-seconds must be positive and patience-seconds at least 0");
        }
        // Bad templates should be known now, not when the first shard comes.
        data(Path.of("shard.tar"), "shard", templates, classes, classAttribute, where);
    }

    /** Returns the pause between two looks. */
    public Duration poll() {
        return duration(pollSeconds.orElse(POLL_SECONDS));
    }

    /** Returns the patience with a shard that has no end mark. */
    public Duration patience() {
        return duration(patienceSeconds.orElse(PATIENCE_SECONDS));
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    /** Returns a shard as a data set of this name. */
    DatasetSpec data(Path shard, String name) {
        return data(shard, name, templates, classes, classAttribute, where);
    }

    private static DatasetSpec data(
            Path shard,
            String name,
            List<String> templates,
            List<String> classes,
            Optional<String> classAttribute,
            Map<String, OneOrMore> where) {
        return new DatasetSpec(
                shard.toString(),
                Optional.of(DatasetFormat.WEBDATASET),
                Optional.of(name),
                Map.of(),
                classes,
                templates,
                classAttribute,
                where,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
