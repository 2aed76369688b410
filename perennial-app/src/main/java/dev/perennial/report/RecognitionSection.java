package dev.perennial.report;

import dev.perennial.evaluate.Recognition;
import dev.perennial.evaluate.RunResults;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What models that recognise tasks took the samples of each data set for, after the last experience. */
final class RecognitionSection {
    private RecognitionSection() {}

    static void write(Html html, RunGroup group) {
        List<RunResults> recognising = group.runs().stream()
                .filter(run -> Recognition.of(run.summary()).isPresent())
                .toList();
        if (recognising.isEmpty()) {
            return;
        }
        html.element("h3", "Recognised tasks");
        html.element(
                "p",
                "Test samples of each data set (rows) that were taken for each learned experience (columns), or for none, in"
                        + " percent; each sample alone, by the last model.",
                "class",
                "note");
        html.open("div", "class", "matrices");
        recognising.forEach(run -> Recognition.of(run.summary())
                .ifPresent(recognition -> table(html, run.summary().run(), recognition)));
        html.close();
    }

    private static void table(Html html, String run, Recognition recognition) {
        html.open("figure").element("figcaption", run);
        html.open("div", "class", "scroll")
                .open("table", "class", "matrix")
                .open("thead")
                .open("tr");
        html.element("th", "samples of", "scope", "col");
        recognition
                .takenFor()
                .forEach(name -> html.open("th", "scope", "col")
                        .element("span", name, "title", name)
                        .close());
        html.close().close().open("tbody");
        recognition.shares().forEach((dataSet, shares) -> {
            html.open("tr").element("th", dataSet, "scope", "row");
            for (int i = 0; i < shares.size(); i++) {
                String column = recognition.takenFor().get(i);
                html.element(
                        "td",
                        Format.score(shares.get(i)),
                        "class",
                        column.equals(dataSet) ? "learned" : "seen",
                        "style",
                        String.format(Locale.ROOT, "--v:%.1f", shares.get(i)),
                        "title",
                        Format.score(shares.get(i)) + " % of " + dataSet + " taken for " + column);
            }
            html.close();
        });
        html.close().close().close().close();
    }

    static String title(RunResults run) {
        return Format.line(run.summary().run()) + ": samples of each data set by what they were taken for, in percent";
    }

    static TextTable table(Recognition recognition) {
        var table = new TextTable(Stream.concat(Stream.of("samples of"), recognition.takenFor().stream())
                .toList());
        recognition
                .shares()
                .forEach((dataSet, shares) -> table.row(
                        Stream.concat(Stream.of(dataSet), shares.stream().map(Format::score))
                                .toList()));
        return table;
    }
}
