package dev.perennial.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A run in a process of its own, which a test can kill. */
final class RunProcess {
    private RunProcess() {}

    /**
     * Starts or resumes a run and prints a line when it learns.
     *
     * @param arguments the configuration, the run folder and the cache folder
     */
    public static void main(String[] arguments) {
        Path run = Path.of(arguments[1]);
        Path cache = Path.of(arguments[2]);
        boolean begun = Files.exists(run.resolve(RunFolder.CONFIG));
        RunConfig.Resolved config =
                begun ? RunFolder.configuration(run) : RunConfig.read(Path.of(arguments[0]), List.of());
        AdaptRun adapt = new AdaptRun(config, new ModelSource(Map.of(), cache), cache, event -> {
            if (event instanceof RunEvent.Learning || event instanceof RunEvent.Resumed) {
                System.out.println("learning");
            }
        });
        if (begun) {
            adapt.resume(run);
        } else {
            adapt.execute(run);
        }
    }
}
