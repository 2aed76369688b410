package dev.perennial.report;

import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.judge.BenchmarkKind;
import dev.perennial.judge.BenchmarkResult;
import dev.perennial.judge.Judge.Verdict;
import dev.perennial.judge.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The scores of one kind of benchmark.
 *
 * @param kind the kind
 * @param scores a row a measure, a column a model
 * @param remarks what a reader has to know
 * @param differences to the first model; absent for one model, or where nothing can be compared
 */
record JudgeTable(BenchmarkKind kind, TextTable scores, List<String> remarks, Optional<TextTable> differences) {
    private static final String NOTHING = "–";

    /** Returns a table for each kind that there are results of. */
    static List<JudgeTable> of(List<Verdict> verdicts) {
        return Arrays.stream(BenchmarkKind.values())
                .filter(kind -> verdicts.getFirst().results().stream().anyMatch(result -> result.kind() == kind))
                .map(kind -> of(kind, verdicts))
                .toList();
    }

    private static JudgeTable of(BenchmarkKind kind, List<Verdict> verdicts) {
        List<String> models = verdicts.stream().map(Verdict::model).toList();
        var scores = new TextTable(
                Stream.concat(Stream.of("Benchmark", "Measure", "Samples", "Chance", "Majority"), models.stream())
                        .toList());
        var differences = new TextTable(Stream.concat(
                        Stream.of("Benchmark", "Measure"),
                        models.stream().skip(1).map(model -> model + " − " + models.getFirst()))
                .toList());
        boolean compared = false;
        Set<String> remarks = new LinkedHashSet<>();
        List<BenchmarkResult> first = verdicts.getFirst().results();
        for (int b = 0; b < first.size(); b++) {
            if (first.get(b).kind() != kind) {
                continue;
            }
            int benchmark = b;
            String name = first.get(b).benchmark();
            verdicts.forEach(verdict ->
                    verdict.results().get(benchmark).remarks().forEach(remark -> remarks.add(name + ": " + remark)));
            for (Measure measure : first.get(b).measures()) {
                List<Optional<Measure>> measured = verdicts.stream()
                        .map(verdict -> verdict.results().get(benchmark).measure(measure.name()))
                        .toList();
                if (!measure.note().isEmpty()) {
                    remarks.add(name + ": " + measure.name() + ": " + measure.note());
                }
                List<String> row = new ArrayList<>(List.of(
                        name,
                        measure.name(),
                        Integer.toString(measure.samples()),
                        percent(measure.chance()),
                        percent(measure.majority())));
                measured.forEach(of -> row.add(of.map(JudgeReport::text).orElse(NOTHING)));
                scores.row(row);
                Optional<List<String>> cells = differences(measured);
                if (cells.isPresent()) {
                    compared = true;
                    differences.row(Stream.concat(Stream.of(name, measure.name()), cells.get().stream())
                            .toList());
                }
            }
        }
        return new JudgeTable(
                kind, scores, List.copyOf(remarks), compared ? Optional.of(differences) : Optional.empty());
    }

    /** The cells of a row of differences; absent if the first model has no outcomes or there is no other. */
    private static Optional<List<String>> differences(List<Optional<Measure>> measured) {
        Optional<Outcomes> first = measured.getFirst().flatMap(Measure::outcomes);
        if (first.isEmpty() || measured.size() < 2) {
            return Optional.empty();
        }
        Function<Outcomes, String> difference =
                other -> other.size() == first.get().size() ? JudgeReport.difference(other, first.get()) : NOTHING;
        return Optional.of(measured.stream()
                .skip(1)
                .map(of -> of.flatMap(Measure::outcomes).map(difference).orElse(NOTHING))
                .toList());
    }

    private static String percent(OptionalDouble value) {
        return value.isPresent() ? Format.score(value.getAsDouble()) : NOTHING;
    }
}
