package dev.perennial.cli;

import dev.perennial.bench.BenchEvent;
import dev.perennial.bench.RunOutcome;
import dev.perennial.report.BenchReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Shows a benchmark as it goes, and keeps its tables up to date. */
final class BenchView implements Consumer<BenchEvent>, AutoCloseable {
    private static final int PERCENT = 100;

    private final PrintWriter out;
    private final Path folder;
    private final Progress progress;
    private final int total;
    private int ended;

    BenchView(PrintWriter out, Path folder, int total, int jobs) {
        this.out = out;
        this.folder = folder;
        this.total = total;
        this.progress = new Progress(System.out);
        line("%d runs, %d at a time, into %s".formatted(total, jobs, folder));
    }

    @Override
    public void accept(BenchEvent event) {
        switch (event) {
            case BenchEvent.Skipped skipped -> {
                ended++;
                line(place() + skipped.run().name() + ": done before");
            }
            case BenchEvent.Started started ->
                line(place() + started.run().name() + (started.unfinished() ? ": goes on" : ": begins"));
            case BenchEvent.Progressed progressed ->
                progress.at(
                        "bench",
                        Math.round(progressed.share() * PERCENT),
                        PERCENT,
                        "per cent" + left(progressed.secondsLeft()));
            case BenchEvent.Finished finished -> {
                ended++;
                line(place() + text(finished.outcome()));
                BenchReport.write(finished.results(), folder);
            }
        }
    }

    private String place() {
        return "[" + ended + "/" + total + "] ";
    }

    private void line(String text) {
        progress.close();
        out.println(text);
        out.flush();
    }

    private static String left(OptionalDouble seconds) {
        if (seconds.isEmpty()) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(seconds.getAsDouble()));
        return String.format(Locale.ROOT, ", about %d:%02d h left", left.toHours(), left.toMinutesPart());
    }

    private static String text(RunOutcome outcome) {
        return outcome.run().name()
                + switch (outcome) {
                    case RunOutcome.Done done -> {
                        var metrics = done.results().summary().metrics();
                        yield String.format(
                                Locale.ROOT,
                                ": Average %.1f, Last %.1f in %.1f min",
                                metrics.getOrDefault("average", Double.NaN),
                                metrics.getOrDefault("last", Double.NaN),
                                done.results().summary().costs().totalSeconds() / 60);
                    }
                    case RunOutcome.Failed failed -> " failed: " + failed.reason();
                    case RunOutcome.Pending _ -> " is still to do";
                };
    }

    @Override
    public void close() {
        progress.close();
    }
}
