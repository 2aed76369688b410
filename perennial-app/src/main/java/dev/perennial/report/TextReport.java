package dev.perennial.report;

import dev.perennial.evaluate.Recognition;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.metric.ResultMatrix;
import dev.perennial.method.MethodTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The report as text. */
final class TextReport {
    private TextReport() {}

    static String plain(List<RunResults> runs) {
        var out = new StringBuilder();
        for (RunGroup group : RunGroup.of(runs)) {
            out.append(group.title())
                    .append(": ")
                    .append(group.protocol().meaning())
                    .append("\n\n");
            out.append(Comparison.main(group).table().plain()).append('\n');
            for (RunResults run : group.runs()) {
                out.append(Format.line(run.summary().run())).append(", score in percent after each experience\n\n");
                out.append(matrix(run.matrix()).plain()).append('\n');
                Recognition.of(run.summary())
                        .ifPresent(recognition -> out.append(RecognitionSection.title(run))
                                .append("\n\n")
                                .append(RecognitionSection.table(recognition).plain())
                                .append('\n'));
            }
        }
        return out.toString();
    }

    static String markdown(List<RunResults> runs) {
        var out = new StringBuilder("# Continual learning report\n\n");
        for (RunGroup group : RunGroup.of(runs)) {
            out.append("## ").append(Markdown.escape(group.title())).append("\n\n");
            out.append(group.protocol().meaning());
            out.append(group.runs().size() > 1 ? " The best of each column is marked \\*.\n\n" : "\n\n");
            out.append(Comparison.main(group).table().markdown()).append('\n');
            Comparison further = Comparison.further(group);
            if (!further.columns().isEmpty()) {
                out.append(further.table().markdown()).append('\n');
            }
            AlignmentView alignment = AlignmentView.ofRuns(group.runs());
            if (!alignment.isEmpty()) {
                out.append("### Alignment at the end\n\n")
                        .append(alignment.table().markdown())
                        .append('\n');
            }
            AnytimeView anytime = AnytimeView.ofRuns(group.runs());
            if (!anytime.isEmpty()) {
                out.append("### Samples of the stream\n\n")
                        .append(anytime.table().markdown())
                        .append('\n');
            }
            DiagnosisView diagnosis = DiagnosisView.ofRuns(group.runs());
            if (!diagnosis.isEmpty()) {
                out.append("### The towers during training\n\n")
                        .append(diagnosis.table().markdown())
                        .append('\n');
            }
            for (RunResults run : group.runs()) {
                out.append("### ").append(Markdown.escape(run.summary().run()));
                out.append(": score in percent after each experience\n\n");
                out.append(matrix(run.matrix()).markdown()).append('\n');
                Recognition.of(run.summary())
                        .ifPresent(recognition -> out.append("### ")
                                .append(Markdown.escape(RecognitionSection.title(run)))
                                .append("\n\n")
                                .append(RecognitionSection.table(recognition).markdown())
                                .append('\n'));
                if (RetrievalSection.isSearched(run)) {
                    out.append(RetrievalSection.atTheEnd(run).markdown()).append('\n');
                }
                for (MethodTable table : run.tables()) {
                    out.append("#### ").append(Markdown.escape(table.title())).append("\n\n");
                    out.append(Markdown.escape(table.note())).append("\n\n");
                    out.append(MethodSection.text(table).markdown()).append('\n');
                }
            }
        }
        out.append("## How to read the numbers\n\n");
        GuideSection.definitions(runs)
                .forEach(definition -> out.append("- **")
                        .append(Markdown.escape(definition.title()))
                        .append("** (")
                        .append(Markdown.escape(definition.unit()))
                        .append("): ")
                        .append(Markdown.escape(definition.reading()))
                        .append('\n'));
        out.append("\n## Provenance\n");
        for (RunResults run : runs) {
            out.append("\n### ").append(Markdown.escape(run.summary().run())).append("\n\n");
            ProvenanceSection.facts(run.summary())
                    .forEach((name, value) -> out.append("- ")
                            .append(name)
                            .append(": ")
                            .append(Markdown.escape(value))
                            .append('\n'));
        }
        return out.toString();
    }

    private static TextTable matrix(ResultMatrix matrix) {
        var table = new TextTable(
                Stream.concat(Stream.of("after"), matrix.dataSets().stream()).toList());
        if (matrix.hasZeroShot()) {
            table.row(row(matrix, "zero-shot", matrix::zeroShot));
        }
        for (int e = 0; e < matrix.experiences().size(); e++) {
            int experience = e;
            if (matrix.measured(e)) {
                table.row(row(matrix, matrix.experiences().get(e), i -> matrix.score(experience, i)));
            }
        }
        return table;
    }

    private static List<String> row(ResultMatrix matrix, String name, IntFunction<OptionalDouble> cells) {
        var row = new ArrayList<String>();
        row.add(name);
        for (int i = 0; i < matrix.dataSets().size(); i++) {
            OptionalDouble cell = cells.apply(i);
            row.add(cell.isPresent() ? Format.score(cell.getAsDouble()) : "");
        }
        return row;
    }
}
