package dev.perennial.cli;

import dev.perennial.follow.ShardEntry;
import dev.perennial.run.RunEvent;
import dev.perennial.train.StepReport;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows a run as it goes: progress of the training, and one line for each evaluation of all sets; lines of others may come from another thread. */
final class RunView implements Runs.View {
    private final Progress progress;
    private final List<String> scores = new ArrayList<>();

    private int sets;

    RunView(PrintStream out) {
        this.progress = new Progress(out);
    }

    @Override
    public synchronized void line(String text) {
        progress.line(text);
    }

    @Override
    public synchronized void close() {
        progress.close();
    }

    @Override
    public synchronized void accept(RunEvent event) {
        switch (event) {
            case RunEvent.Started started -> {
                sets = started.sets();
                progress.line("run %s: method %s, %d experiences, folder %s"
                        .formatted(started.run(), started.method(), started.experiences(), started.folder()));
            }
            case RunEvent.Stepped stepped -> {
                stepped.report().problem().ifPresent(problem -> progress.line("skipped: " + problem));
                progress.at(
                        stepped.experience(),
                        stepped.report().step(),
                        stepped.report().steps(),
                        rate(stepped.report()));
            }
            case RunEvent.Resumed resumed ->
                progress.line(
                        resumed.place().isEnd()
                                ? "going on after %s".formatted(resumed.name())
                                : "going on after step %d of %s"
                                        .formatted(resumed.place().step(), resumed.name()));
            case RunEvent.Damaged damaged ->
                progress.line("%s is damaged (%s) and left out".formatted(damaged.checkpoint(), damaged.damage()));
            case RunEvent.Evaluated evaluated -> {
                scores.add(String.format(Locale.ROOT, "%s %.1f", evaluated.dataSet(), evaluated.score()));
                if (scores.size() == sets) {
                    progress.line("after %s: %s".formatted(evaluated.after(), String.join(", ", scores)));
                    scores.clear();
                }
            }
            case RunEvent.Foreseen foreseen ->
                progress.line(String.format(
                        Locale.ROOT,
                        "%s before it is learned, after %s: %.1f",
                        foreseen.dataSet(),
                        foreseen.after(),
                        foreseen.score()));
            case RunEvent.Waiting waiting -> progress.line("waiting for shards in %s".formatted(waiting.folder()));
            case RunEvent.Arrived arrived -> {
                // Each step brings a set of its own.
                scores.clear();
                sets = arrived.sets();
                progress.line("learning shard %s".formatted(arrived.file()));
            }
            case RunEvent.Decided(ShardEntry shard) -> progress.line(text(shard));
            case RunEvent.Learning _,
                    RunEvent.Judged _,
                    RunEvent.Diagnosed _,
                    RunEvent.Anytime _,
                    RunEvent.Committed _,
                    RunEvent.Finished _ -> {}
        }
    }

    /** Says what became of a shard. */
    static String text(ShardEntry shard) {
        return shard.file()
                + switch (shard.verdict()) {
                    case PROMOTED -> ": promoted, its model is current";
                    case REFUSED -> ": refused, the model before it stays current: " + shard.why();
                    case SET_ASIDE -> ": set aside, not learned: " + shard.why();
                    case LEARNING -> ": is being learned";
                };
    }

    private static String rate(StepReport step) {
        String loss = Double.isNaN(step.loss()) ? "" : String.format(Locale.ROOT, "loss %.3f, ", step.loss());
        return loss + String.format(Locale.ROOT, "%.0f samples/s", step.samples() / step.seconds());
    }
}
