package dev.perennial.cli;

import java.io.PrintStream;
import picocli.CommandLine.Option;

/** How a run is shown. */
final class WatchOption {
    @Option(
            names = "--watch",
            description = {
                "Show the running accuracy, loss, samples/s and memory; plain lines where there is no terminal.",
                "TensorBoard has the same: tensorboard --logdir runs"
            })
    private boolean watch;

    Runs.View view(PrintStream out) {
        return watch ? new WatchView(out) : new RunView(out);
    }
}
