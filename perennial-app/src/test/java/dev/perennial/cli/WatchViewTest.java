package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.run.RunEvent;
import dev.perennial.run.Vitals;
import dev.perennial.train.StepReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatchViewTest {
    private static final long SECOND = 1_000_000_000L;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private long now;

    @Test
    void aTerminalShowsTheFiguresInPlace() {
        WatchView view = view(true, StandardCharsets.UTF_8);
        begin(view);
        step(view, 1, 3.5);
        step(view, 2, 2.25);
        view.accept(new RunEvent.Judged("shoes", 41.25));
        assertThat(screen())
                .containsExactly(
                        "run shop: method finetune, folder runs/shop",
                        "shop: finetune  after shoes",
                        "  accuracy         41.3 %    ▁",
                        "  loss            2.250      █▁",
                        "  samples/s        64.0      ▁▁",
                        "  memory          1,024 MiB  ▁▁",
                        "  samples           128");
    }

    @Test
    void linesOfOthersStandAboveTheFiguresAndLongNamesAreCut() {
        WatchView view = view(true, StandardCharsets.US_ASCII);
        begin(view);
        step(view, 1, 3.5);
        view.line("skipped: the loss is NaN");
        view.accept(new RunEvent.Evaluated("x".repeat(200), "signs", 12));
        assertThat(screen()).element(1).isEqualTo("skipped: the loss is NaN");
        assertThat(screen()).element(2).asString().endsWith("xxx...").hasSize(78);
        assertThat(screen()).element(4).asString().endsWith("3.500      _");
    }

    @Test
    void withoutATerminalThereIsALineNowAndThenAndAfterEachExperience() {
        WatchView view = view(false, StandardCharsets.UTF_8);
        begin(view);
        for (int step = 1; step <= 30; step++) {
            step(view, step, 30 - step);
        }
        view.accept(new RunEvent.Evaluated("shoes", "shoes", 41.25));
        view.accept(new RunEvent.Judged("shoes", 41.25));
        view.close();
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "run shop: method finetune, folder runs/shop",
                        "1 of 2: shoes, step 10 of 30  loss 20.000  samples/s 64.0  memory 1,024 MiB",
                        "1 of 2: shoes, step 20 of 30  loss 10.000  samples/s 64.0  memory 1,024 MiB",
                        "1 of 2: shoes, step 30 of 30  loss 0.000  samples/s 64.0  memory 1,024 MiB",
                        "after shoes  accuracy 41.3 %  loss 0.000  samples/s 64.0  memory 1,024 MiB");
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b");
    }

    private WatchView view(boolean terminal, Charset charset) {
        return new WatchView(new PrintStream(printed, true, charset), terminal, () -> now, new Vitals(() -> 1L << 30));
    }

    private static void begin(WatchView view) {
        view.accept(new RunEvent.Started("shop", "finetune", Path.of("runs/shop"), 2, 2));
        view.accept(new RunEvent.Learning(0, "shoes", 640));
    }

    private void step(WatchView view, int step, double loss) {
        now += SECOND;
        view.accept(new RunEvent.Stepped(
                "shoes",
                new StepReport(step, 30, loss, 1, 1e-3, 64L * step, step, 0, Optional.empty(), Map.of()),
                64L * step));
    }

    /** Plays what was printed as a terminal would. */
    private List<String> screen() {
        var lines = new java.util.ArrayList<String>();
        String text = printed.toString(StandardCharsets.UTF_8).replace("\r", "");
        for (String line : text.split("\n", -1)) {
            var up = java.util.regex.Pattern.compile("^\u001b\\[(\\d+)A\u001b\\[J")
                    .matcher(line);
            if (up.find()) {
                int count = Integer.parseInt(up.group(1));
                lines.subList(lines.size() - count, lines.size()).clear();
                line = line.substring(up.end());
            }
            lines.add(line);
        }
        lines.removeLast();
        return lines;
    }
}
