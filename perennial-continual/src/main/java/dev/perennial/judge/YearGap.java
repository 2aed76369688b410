package dev.perennial.judge;

import dev.perennial.evaluate.statistic.GapTest;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.evaluate.statistic.PairedTest;
import dev.perennial.judge.Judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A model against the first one on old and new samples: where a model was trained on newer data, it is better on these alone (TiC-CLIP,
 * Garg et al. 2024, arXiv 2310.16226, figure 1).
 *
 * @param measure what is compared
 * @param rows a period each, then all old and all new ones together
 * @param gaps for each model but the first: its advantage on new samples less that on old ones
 */
public record YearGap(String measure, List<Row> rows, List<GapTest> gaps) {
    /** Keeps copies. */
    public YearGap {
        rows = List.copyOf(rows);
        gaps = List.copyOf(gaps);
    }

    /**
     * One period.
     *
     * @param name of it
     * @param outcomes of each model
     * @param tests for each model but the first, against the first
     */
    public record Row(String name, List<Outcomes> outcomes, List<PairedTest> tests) {
        private static Row of(String name, List<Outcomes> outcomes) {
            return new Row(
                    name,
                    outcomes,
                    outcomes.stream()
                            .skip(1)
                            .map(other -> PairedTest.of(other, outcomes.getFirst()))
                            .toList());
        }
    }

    /** Compares verdicts on the benchmarks of periods, a gap for each measure. */
    public static List<YearGap> of(PeriodBenchmarks periods, List<Verdict> verdicts) {
        return periods.measures().stream()
                .map(measure -> of(measure, periods, verdicts))
                .toList();
    }

    private static YearGap of(String measure, PeriodBenchmarks periods, List<Verdict> verdicts) {
        List<List<Outcomes>> byPeriod = IntStream.range(0, periods.periods().size())
                .mapToObj(period -> verdicts.stream()
                        .map(verdict -> verdict.results()
                                .get(period)
                                .measure(measure)
                                .flatMap(Measure::outcomes)
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "period " + periods.periods().get(period) + " of " + periods.name() + " has no "
                                                + measure + "; choose fewer periods with --periods")))
                        .toList())
                .toList();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < byPeriod.size(); i++) {
            rows.add(Row.of(periods.periods().get(i), byPeriod.get(i)));
        }
        int split = periods.firstNew();
        Row old = Row.of(span("old", periods.periods().subList(0, split)), pooled(byPeriod.subList(0, split)));
        Row fresh = Row.of(
                span("new", periods.periods().subList(split, byPeriod.size())),
                pooled(byPeriod.subList(split, byPeriod.size())));
        rows.add(old);
        rows.add(fresh);
        return new YearGap(
                measure,
                rows,
                IntStream.range(1, verdicts.size())
                        .mapToObj(model -> GapTest.of(pair(fresh, model), pair(old, model)))
                        .toList());
    }

    private static GapTest.Pair pair(Row row, int model) {
        return new GapTest.Pair(row.outcomes().get(model), row.outcomes().getFirst());
    }

    private static List<Outcomes> pooled(List<List<Outcomes>> byPeriod) {
        return IntStream.range(0, byPeriod.getFirst().size())
                .mapToObj(model -> Outcomes.concat(
                        byPeriod.stream().map(models -> models.get(model)).toList()))
                .toList();
    }

    private static String span(String word, List<String> periods) {
        String first = periods.getFirst().replaceFirst("(?<=\\d)-.*", "");
        String last = periods.getLast().replaceFirst(".*\\d-", "");
        return word + ", " + (first.equals(last) ? first : first + " to " + last);
    }

    /** Returns the test of a model against the first in a row. */
    public Optional<PairedTest> test(int row, int model) {
        return model == 0 ? Optional.empty() : Optional.of(rows.get(row).tests().get(model - 1));
    }
}
