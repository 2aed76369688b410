package dev.perennial.report;

import dev.perennial.evaluate.DataSetInfo;
import dev.perennial.evaluate.ExperienceInfo;
import dev.perennial.evaluate.Protocol;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import dev.perennial.evaluate.metric.ContinualMetric;
import dev.perennial.evaluate.metric.ResultMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs that may stand in one table: of one protocol, one stream, and the same test data by hash. */
record RunGroup(Protocol protocol, String stream, List<RunResults> runs) {
    static List<RunGroup> of(List<RunResults> runs) {
        var groups = new LinkedHashMap<Key, List<RunResults>>();
        for (RunResults run : runs) {
            RunSummary summary = run.summary();
            groups.computeIfAbsent(
                            new Key(summary.protocol(), summary.stream(), summary.experiences(), summary.dataSets()),
                            key -> new ArrayList<>())
                    .add(run);
        }
        return groups.entrySet().stream()
                .map(group ->
                        new RunGroup(group.getKey().protocol(), group.getKey().stream(), List.copyOf(group.getValue())))
                .toList();
    }

    String title() {
        return stream + " (" + protocol.label() + ")";
    }

    /**
     * The means that a model scores which is never touched, from the first run that measured zero-shot; nothing where candidates grow
     * with what was learned, so that the zero-shot row is not what an untouched model would score later.
     */
    Optional<Map<String, Double>> untouched() {
        if (protocol == Protocol.POOLED) {
            return Optional.empty();
        }
        return runs.stream()
                .map(RunResults::matrix)
                .filter(ResultMatrix::hasZeroShot)
                .findFirst()
                .map(matrix -> ContinualMetric.means(frozen(matrix)));
    }

    private ResultMatrix frozen(ResultMatrix matrix) {
        double[] zeroShot = IntStream.range(0, matrix.dataSets().size())
                .mapToDouble(i -> matrix.zeroShot(i).orElse(Double.NaN))
                .toArray();
        var builder =
                ResultMatrix.builder(matrix.experiences(), matrix.dataSets()).zeroShot(zeroShot);
        for (ExperienceInfo experience : runs.getFirst().summary().experiences()) {
            builder.after(experience.name(), zeroShot);
            experience.teaches().forEach(dataSet -> builder.teaches(experience.name(), dataSet));
        }
        return builder.build();
    }

    private record Key(
            Protocol protocol, String stream, List<ExperienceInfo> experiences, List<DataSetInfo> dataSets) {}
}
