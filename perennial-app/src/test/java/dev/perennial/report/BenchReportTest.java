package dev.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bench.BenchResults;
import dev.perennial.bench.PlannedRun;
import dev.perennial.bench.RunOutcome;
import dev.perennial.bench.Suite;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.RunResults;
import dev.perennial.run.RunConfig;
import dev.perennial.run.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class BenchReportTest {
    @TempDir
    Path folder;

    @Test
    void theTableHasMeansAndDeviationsOverSeedsAndNamesItsProtocol() throws IOException {
        BenchReport.write(sample(), folder);
        String markdown = Files.readString(folder.resolve("table.md"));
        assertThat(markdown)
                .contains("# sample", "protocol **task-aware**", "protocol **pooled**")
                .containsPattern("\\| finetune \\| 2 \\|.*\\d ± \\d")
                .containsPattern("\\| zscl \\| 1 of 2 \\|")
                .contains("zscl-s2 failed: it ran out of memory");
        List<String> csv = Files.readAllLines(folder.resolve("table.csv"));
        assertThat(csv.getFirst())
                .startsWith(
                        "protocol,stream,row,method,seeds,transfer,transferSd,average,averageSd,last,lastSd,forgetting");
        assertThat(csv.getFirst()).contains("trainable", "minutes", "peakMemoryMib");
        assertThat(csv.get(1)).startsWith("task-aware,mtil-8,finetune,finetune,2,");
        assertThat(markdown).contains("Alignment after the last experience, mean over seeds");
        assertThat(Files.readAllLines(folder.resolve("alignment.csv")))
                .first()
                .asString()
                .startsWith("row,seed,after,image-rotation,");
        assertThat(Files.readAllLines(folder.resolve("runs.csv")))
                .hasSize(6)
                .anyMatch(line -> line.startsWith("zscl,2,failed,"));
    }

    @Test
    void protocolsNeverShareATable() {
        for (BenchTable table : BenchTable.of(sample())) {
            assertThat(table.rows())
                    .flatExtracting(BenchTable.Row::runs)
                    .allMatch(run -> run.summary().protocol() == table.protocol());
        }
        assertThat(BenchTable.of(sample()))
                .extracting(BenchTable::protocol)
                .containsExactly(Protocol.TASK_AWARE, Protocol.POOLED);
    }

    @Test
    void computeIsToldAsAShareOfTheOraclesWhereThereIsOne() throws IOException {
        List<RunOutcome> both = List.of(computed("sequential", "finetune", 150), computed("oracle", "oracle", 600));
        BenchReport.write(results(List.of("sequential", "oracle"), both), folder);
        List<String> csv = Files.readAllLines(folder.resolve("table.csv"));
        int column = List.of(csv.getFirst().split(",")).indexOf("computeOfOracle");
        assertThat(csv.subList(1, 3))
                .extracting(line -> line.split(",")[column])
                .containsExactly("0.25", "1.0");

        BenchReport.write(results(List.of("sequential"), both.subList(0, 1)), folder);
        assertThat(Files.readAllLines(folder.resolve("table.csv")).getFirst()).doesNotContain("computeOfOracle");
    }

    private static RunOutcome computed(String row, String method, double compute) {
        RunResults run = SampleRuns.run(row + "-s1", method, Protocol.TASK_AWARE, 0.2, 149_620_737);
        return new RunOutcome.Done(planned(row, 1), SampleRuns.computed(run, compute));
    }

    @Test
    void thePageIsSelfContainedAndHasItsThreePlots() throws IOException {
        BenchReport.write(sample(), folder);
        String page = Files.readString(folder.resolve("report.html"));
        assertThat(page)
                .contains("data-plot=\"time\"", "data-plot=\"keep\"", "data-plot=\"cost\"", "vegaEmbed")
                .contains("it ran out of memory")
                .doesNotContainPattern("(src|href)=\"https?:");
    }

    /** Writes a page to look at, into the folder that is the only argument. */
    static void main(String[] arguments) {
        BenchReport.write(sample(), Path.of(arguments[0]));
    }

    private static BenchResults sample() {
        List<RunOutcome> outcomes = new ArrayList<>();
        for (int seed = 1; seed <= 2; seed++) {
            outcomes.add(done("finetune", seed, Protocol.TASK_AWARE, 0.45 + seed / 50.0));
            outcomes.add(
                    seed == 1
                            ? done("zscl", seed, Protocol.TASK_AWARE, 0.1)
                            : new RunOutcome.Failed(planned("zscl", seed), "it ran out of memory"));
        }
        outcomes.add(done("pooled", 1, Protocol.POOLED, 0.2));
        return results(List.of("finetune", "zscl", "pooled"), outcomes);
    }

    private static BenchResults results(List<String> names, List<RunOutcome> outcomes) {
        List<Suite.Entry> rows = names.stream()
                .map(name -> new Suite.Entry(name, Optional.empty(), Optional.empty(), Optional.empty()))
                .toList();
        return new BenchResults(
                new Suite("sample", Optional.of("Made-up runs."), List.of(1L, 2L), List.of(), rows, Yaml.empty()),
                outcomes);
    }

    private static RunOutcome done(String row, int seed, Protocol protocol, double loss) {
        RunResults results = SampleRuns.run(row + "-s" + seed, row, protocol, loss, 149_620_737);
        return new RunOutcome.Done(planned(row, seed), results);
    }

    private static PlannedRun planned(String row, long seed) {
        ObjectNode tree = Yaml.empty();
        tree.put("method", "frozen").put("name", row + "-s" + seed);
        tree.putObject("stream")
                .put("name", "mtil-8")
                .putArray("tasks")
                .addObject()
                .put("name", "t")
                .putObject("data")
                .put("path", "p");
        return new PlannedRun(row, seed, RunConfig.of("test", tree, List.of(), Path.of("")), 8, "0123456789abcdef");
    }
}
