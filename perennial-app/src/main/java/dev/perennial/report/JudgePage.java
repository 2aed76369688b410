package dev.perennial.report;

import dev.perennial.judge.Judge.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/** The page of an evaluation: tables alone, whole without scripts. */
final class JudgePage {
    private JudgePage() {}

    static String of(List<Verdict> verdicts) {
        String models = verdicts.stream().map(Verdict::model).collect(Collectors.joining(", "));
        Html html = HtmlPage.begin("Evaluation", "What " + models + " can and cannot do.");
        html.element("p", JudgeReport.READING, "class", "note");
        for (JudgeTable table : JudgeTable.of(verdicts)) {
            html.open("section").element("h2", table.kind().heading());
            html.element("p", table.kind().meaning(), "class", "note");
            html.open("div", "class", "scroll");
            table.scores().write(html);
            html.close();
            if (!table.remarks().isEmpty()) {
                html.open("ul", "class", "note");
                table.remarks().forEach(remark -> html.element("li", remark));
                html.close();
            }
            table.differences().ifPresent(differences -> {
                html.element("h3", "Differences").element("p", JudgeReport.DIFFERENCES, "class", "note");
                html.open("div", "class", "scroll");
                differences.write(html);
                html.close();
            });
            html.close();
        }
        html.open("section").element("h2", "Models and data").open("ul", "class", "note");
        verdicts.forEach(verdict -> html.element("li", verdict.model() + ": SHA-256 " + verdict.fingerprint()));
        verdicts.getFirst()
                .results()
                .forEach(result -> html.element("li", result.benchmark() + ": SHA-256 " + result.dataSha256()));
        html.close().close();
        return HtmlPage.plain(html);
    }
}
