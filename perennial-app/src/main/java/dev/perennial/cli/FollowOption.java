package dev.perennial.cli;

import dev.perennial.run.ConfigException;
import dev.perennial.run.FollowEnd;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** When a run that follows a folder ends by itself. */
final class FollowOption {
    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "With a followed folder: end when the run has learned N shards in all.")
    private Optional<Integer> steps = Optional.empty();

    @Option(
            names = "--until-idle",
            paramLabel = "SECONDS",
            description = "With a followed folder: end when nothing new has come for so long; 0 takes what is there.")
    private Optional<Double> untilIdle = Optional.empty();

    /** Refuses an end for a run that has one of its own. */
    void requireFollowed(boolean followed) {
        if (!followed && (steps.isPresent() || untilIdle.isPresent())) {
            throw new ConfigException(
                    "--steps and --until-idle end a run that follows a folder; this one ends with its" + " stream");
        }
    }

    FollowEnd end() {
        return new FollowEnd(
                steps.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                untilIdle.map(seconds -> Duration.ofMillis(Math.round(1000 * seconds))));
    }
}
