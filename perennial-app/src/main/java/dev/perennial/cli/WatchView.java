package dev.perennial.cli;

import dev.perennial.follow.ShardEntry;
import dev.perennial.run.RunEvent;
import dev.perennial.run.Vitals;
import dev.perennial.run.Vitals.Figure;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Shows the figures of a run as it goes: in place with their recent course on a terminal, as a line now and then elsewhere.
 *
 * <p>It listens to the run, and lines of others may come from another thread.
 */
final class WatchView implements Runs.View {
    /** Nothing may wrap: the lines would no longer be where they are looked for. */
    private static final int WIDTH = 78;

    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 10_000_000_000L;

    private static final String CLEAR_BELOW = "\r\u001b[J";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final Vitals vitals;
    private final Map<Figure, Sparkline> courses = new EnumMap<>(Figure.class);
    private String title = "";
    private String place = "";
    private int experiences;
    private int current;
    private int shown;
    private long lastDrawn;

    WatchView(PrintStream out) {
        this(out, Progress.isTerminal(), System::nanoTime, new Vitals());
    }

    WatchView(PrintStream out, boolean terminal, LongSupplier nanoTime, Vitals vitals) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.vitals = vitals;
        this.lastDrawn = nanoTime.getAsLong();
    }

    @Override
    public synchronized void accept(RunEvent event) {
        vitals.accept(event).forEach((figure, value) -> course(figure).add(value));
        switch (event) {
            case RunEvent.Started started -> {
                title = started.run() + ": " + started.method();
                experiences = started.experiences();
                line("run %s: method %s, folder %s".formatted(started.run(), started.method(), started.folder()));
            }
            case RunEvent.Resumed resumed -> line("going on after %,d samples".formatted(resumed.samples()));
            case RunEvent.Damaged damaged ->
                line("%s is damaged (%s) and left out".formatted(damaged.checkpoint(), damaged.damage()));
            case RunEvent.Learning learning -> {
                current = learning.experience();
                experiences = Math.max(experiences, current + 1);
            }
            case RunEvent.Stepped stepped -> {
                stepped.report().problem().ifPresent(problem -> line("skipped: " + problem));
                place = "%d of %d: %s, step %,d of %,d"
                        .formatted(
                                current + 1,
                                experiences,
                                stepped.experience(),
                                stepped.report().step(),
                                stepped.report().steps());
                boolean over = stepped.report().step() == stepped.report().steps();
                show(over && !terminal ? Long.MAX_VALUE : nanoTime.getAsLong() - lastDrawn);
            }
            case RunEvent.Evaluated evaluated -> {
                place = "after %s: evaluated %s".formatted(evaluated.after(), evaluated.dataSet());
                show(terminal ? Long.MAX_VALUE : 0);
            }
            case RunEvent.Anytime _ -> show(Long.MAX_VALUE);
            case RunEvent.Judged judged -> {
                place = "after " + judged.after();
                show(Long.MAX_VALUE);
            }
            case RunEvent.Arrived arrived -> line("learning shard " + arrived.file());
            case RunEvent.Decided(ShardEntry shard) -> line(RunView.text(shard));
            case RunEvent.Waiting waiting -> line("waiting for shards in " + waiting.folder());
            case RunEvent.Diagnosed _, RunEvent.Foreseen _, RunEvent.Committed _, RunEvent.Finished _ -> {}
        }
    }

    private void show(long sinceLast) {
        if (sinceLast < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        lastDrawn = nanoTime.getAsLong();
        if (terminal) {
            erase();
            List<String> lines = block();
            lines.forEach(out::println);
            out.flush();
            shown = lines.size();
        } else {
            List<String> parts = new ArrayList<>(List.of(place));
            vitals.latest().forEach((figure, value) -> parts.add(text(figure, value)));
            out.println(String.join("  ", parts));
        }
    }

    private List<String> block() {
        List<String> lines = new ArrayList<>();
        lines.add(cut(title + "  " + place));
        for (Figure figure : Figure.values()) {
            Double value = vitals.latest().get(figure);
            String number = value == null ? "-" : number(figure, value);
            lines.add("  %-10s %10s %-3s  %s".formatted(figure.title(), number, figure.unit(), course(figure)));
        }
        lines.add("  %-10s %10s".formatted("samples", String.format(Locale.ROOT, "%,d", vitals.samples())));
        return lines;
    }

    private Sparkline course(Figure figure) {
        return courses.computeIfAbsent(figure, _ -> new Sparkline(out.charset()));
    }

    private static String text(Figure figure, double value) {
        return (figure.title() + " " + number(figure, value) + " " + figure.unit()).strip();
    }

    private static String number(Figure figure, double value) {
        return String.format(
                Locale.ROOT,
                switch (figure) {
                    case ACCURACY, RATE -> "%,.1f";
                    case LOSS -> "%.3f";
                    case MEMORY -> "%,.0f";
                },
                value);
    }

    private static String cut(String text) {
        return text.length() <= WIDTH ? text : text.substring(0, WIDTH - 3) + "...";
    }

    private void erase() {
        if (shown > 0) {
            out.print("\u001b[%dA".formatted(shown) + CLEAR_BELOW);
            shown = 0;
        }
    }

    @Override
    public synchronized void line(String text) {
        erase();
        out.println(text);
    }

    /** Leaves the last figures where they are. */
    @Override
    public synchronized void close() {
        shown = 0;
    }
}
