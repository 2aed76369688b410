package dev.perennial.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far long work is: a bar with the time left on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
    private static final double LINE_EVERY_SECONDS = 10;

    private final PrintStream out;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private String task = "";
    private long lastLine;

    Progress(PrintStream out) {
        this.out = out;
        this.terminal = isTerminal();
    }

    /** Returns whether someone may be looking. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Reports that {@code done} of {@code total} steps of a task are done. */
    void at(String name, long done, long total, String extra) {
        if (!name.equals(task)) {
            close();
            task = name;
            lastLine = System.nanoTime();
        }
        if (terminal) {
            ProgressBar shown = bar == null ? open(name, total) : bar;
            bar = shown;
            shown.stepTo(done);
            shown.setExtraMessage(" " + extra);
        } else if (done == total || (System.nanoTime() - lastLine) / 1e9 > LINE_EVERY_SECONDS) {
            lastLine = System.nanoTime();
            out.printf("%s: %,d of %,d  %s%n", name, done, total, extra);
        }
    }

    /** Prints a line below what is shown. */
    void line(String text) {
        close();
        out.println(text);
    }

    private ProgressBar open(String name, long total) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out))
                .build();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        task = "";
    }
}
