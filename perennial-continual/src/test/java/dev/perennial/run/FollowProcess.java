package dev.perennial.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A run that follows a folder, in a process of its own, which a test can kill. */
final class FollowProcess {
    private FollowProcess() {}

    /**
     * Starts or resumes a run.
     *
     * @param arguments the configuration, the run folder, the followed folder, the cache folder and the number of steps
     */
    public static void main(String[] arguments) {
        Path run = Path.of(arguments[1]);
        Path cache = Path.of(arguments[3]);
        FollowEnd end = new FollowEnd(OptionalInt.of(Integer.parseInt(arguments[4])), Optional.empty());
        follow(Path.of(arguments[0]), run, Path.of(arguments[2]), cache, end);
    }

    static void follow(Path file, Path run, Path inbox, Path cache, FollowEnd end) {
        boolean begun = Files.exists(run.resolve(RunFolder.CONFIG));
        RunConfig.Resolved config =
                begun ? RunFolder.configuration(run) : RunConfig.read(file, List.of("stream.follow.folder=" + inbox));
        var follow = new FollowRun(config, new ModelSource(Map.of(), cache), cache, _ -> {}, new StopRequest(), end);
        if (begun) {
            follow.resume(run);
        } else {
            follow.execute(run);
        }
    }
}
