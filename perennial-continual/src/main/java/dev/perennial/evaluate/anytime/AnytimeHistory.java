package dev.perennial.evaluate.anytime;

import dev.perennial.evaluate.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was measured while an online stream went on.
 *
 * @param points in order; none if the stream is no online stream
 * @param sessions the classes at the end of each session
 */
public record AnytimeHistory(List<AnytimePoint> points, List<SessionAccuracy> sessions) {
    /** Of a run over another kind of stream. */
    public static final AnytimeHistory NONE = new AnytimeHistory(List.of(), List.of());

    private static final String PERIOD = "period";
    private static final String END = "end";
    private static final List<String> POINT = List.of(
            "session", "at", "arrived", "taken", "dropped", "waiting", "unreadable", "classes", "tested", "accuracy");
    private static final List<String> CLASS = List.of("after", "class", "accuracy");

    /** Keeps copies. */
    public AnytimeHistory {
        points = List.copyOf(points);
        sessions = List.copyOf(sessions);
    }

    /** Returns the accuracies each time another period of samples had come, in percent. */
    public double[] periodic() {
        return points.stream()
                .filter(point -> !point.atEnd())
                .mapToDouble(AnytimePoint::accuracy)
                .toArray();
    }

    /** Returns {@code [sessions, classes]} the accuracy of each class at the end of each session, 0 where it had not come yet. */
    public double[][] classesAfterSessions() {
        List<String> names = sessions.stream()
                .flatMap(session -> session.classes().keySet().stream())
                .distinct()
                .toList();
        return sessions.stream()
                .map(session -> names.stream()
                        .mapToDouble(name -> session.classes().getOrDefault(name, 0.0))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** Returns the text of {@code anytime.csv}: a line for each evaluation. */
    public String pointsCsv() {
        return Table.format(
                POINT,
                points.stream()
                        .map(point -> List.<Object>of(
                                point.session(),
                                point.atEnd() ? END : PERIOD,
                                point.counts().arrived(),
                                point.counts().taken(),
                                point.counts().dropped(),
                                point.counts().waiting(),
                                point.counts().unreadable(),
                                point.classes(),
                                point.tested(),
                                point.accuracy()))
                        .toList());
    }

    /** Returns the text of {@code class-accuracy.csv}: a line for each class after each session. */
    public String classesCsv() {
        return Table.format(
                CLASS,
                sessions.stream()
                        .flatMap(session -> session.classes().entrySet().stream()
                                .map(of -> List.<Object>of(session.session(), of.getKey(), of.getValue())))
                        .toList());
    }

    /**
     * Reads what {@link #pointsCsv} and {@link #classesCsv} wrote.
     *
     * @throws IllegalArgumentException if they are no such tables
     */
    public static AnytimeHistory parse(String points, String classes) {
        Map<String, Map<String, Double>> sessions = new LinkedHashMap<>();
        Table.parse(classes, CLASS)
                .forEach(line -> sessions.computeIfAbsent(line.text("after"), _ -> new LinkedHashMap<>())
                        .put(line.text("class"), line.number("accuracy").orElseThrow()));
        List<SessionAccuracy> accuracies = new ArrayList<>();
        sessions.forEach((session, of) -> accuracies.add(new SessionAccuracy(session, of)));
        Stream<AnytimePoint> read = Table.parse(points, POINT).stream()
                .map(line -> new AnytimePoint(
                        line.text("session"),
                        line.text("at").equals(END),
                        new ArrivalCounts(
                                line.whole("arrived"),
                                line.whole("taken"),
                                line.whole("dropped"),
                                line.whole("waiting"),
                                line.whole("unreadable")),
                        (int) line.whole("classes"),
                        (int) line.whole("tested"),
                        line.number("accuracy").orElseThrow()));
        return new AnytimeHistory(read.toList(), accuracies);
    }
}
