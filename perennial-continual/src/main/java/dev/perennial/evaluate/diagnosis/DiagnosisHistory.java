package dev.perennial.evaluate.diagnosis;

import dev.perennial.evaluate.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What was measured of the towers during a training.
 *
 * @param rows in order; none if nothing was measured
 */
public record DiagnosisHistory(List<DiagnosisRow> rows) {
    /** Of a run that measured nothing. */
    public static final DiagnosisHistory NONE = new DiagnosisHistory(List.of());

    private static final List<String> PLACE = List.of("experience", "step", "samples");

    /** Keeps a copy. */
    public DiagnosisHistory {
        rows = List.copyOf(rows);
    }

    /** Returns the text of {@code diagnosis.csv}: {@code experience,step,samples,image-gradient-norm,...}. */
    public String csv() {
        List<String> header = Stream.concat(
                        PLACE.stream(), Arrays.stream(DiagnosisMeasure.values()).map(DiagnosisMeasure::key))
                .toList();
        return Table.format(header, rows.stream().map(DiagnosisHistory::cells).toList());
    }

    private static List<Object> cells(DiagnosisRow row) {
        List<Object> cells = new ArrayList<>(List.of(row.experience(), row.step(), row.samples()));
        for (DiagnosisMeasure measure : DiagnosisMeasure.values()) {
            Double value = row.values().get(measure);
            cells.add(value == null ? "" : value);
        }
        return cells;
    }

    /**
     * Reads what {@link #csv} wrote; columns that are not known are left out.
     *
     * @throws IllegalArgumentException if the text is no such table
     */
    public static DiagnosisHistory parse(String csv) {
        return new DiagnosisHistory(Table.parse(csv, PLACE).stream()
                .map(line -> new DiagnosisRow(
                        line.text("experience"), (int) line.whole("step"), line.whole("samples"), values(line)))
                .toList());
    }

    private static Map<DiagnosisMeasure, Double> values(Table.Line line) {
        Map<DiagnosisMeasure, Double> values = new EnumMap<>(DiagnosisMeasure.class);
        for (DiagnosisMeasure measure : DiagnosisMeasure.values()) {
            line.number(measure.key()).ifPresent(value -> values.put(measure, value));
        }
        return values;
    }

    /** Returns the mean of a measure over all rows that have it. */
    public OptionalDouble mean(DiagnosisMeasure measure) {
        return values(measure).average();
    }

    /** Returns the last value of a measure. */
    public OptionalDouble last(DiagnosisMeasure measure) {
        return values(measure).reduce((_, later) -> later);
    }

    private DoubleStream values(DiagnosisMeasure measure) {
        return rows.stream()
                .flatMap(row -> Stream.ofNullable(row.values().get(measure)))
                .mapToDouble(Double::doubleValue);
    }
}
