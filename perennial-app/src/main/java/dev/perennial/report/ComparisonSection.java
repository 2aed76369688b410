package dev.perennial.report;

/** The comparison table of a group as HTML. */
final class ComparisonSection {
    private ComparisonSection() {}

    static void write(Html html, RunGroup group, Palette palette) {
        html.element("h3", group.runs().size() > 1 ? "Comparison" : "Result");
        html.open("p", "class", "note").text("Protocol: ");
        html.element("strong", group.protocol().label());
        html.text(". " + group.protocol().meaning());
        if (group.runs().size() > 1) {
            html.text(" The best of each column is marked ")
                    .element("span", "★", "class", "star")
                    .text(".");
        }
        html.close();
        table(html, Comparison.main(group), group, palette);
        Comparison further = Comparison.further(group);
        if (!further.columns().isEmpty()) {
            html.open("details").element("summary", "Further metrics");
            table(html, further, group, palette);
            html.close();
        }
    }

    private static void table(Html html, Comparison comparison, RunGroup group, Palette palette) {
        html.open("div", "class", "scroll")
                .open("table", "class", "comparison")
                .open("thead")
                .open("tr");
        html.element("th", "Run", "scope", "col");
        for (Comparison.Column column : comparison.columns()) {
            html.open("th", "scope", "col").text(column.title());
            html.element("small", column.unit() + arrow(column)).close();
        }
        html.close().close().open("tbody");
        for (Comparison.Row row : comparison.rows()) {
            html.open("tr", "class", row.reference() ? "reference" : "run");
            html.open("th", "scope", "row");
            if (!row.reference()) {
                html.element("span", "", "class", "swatch", "style", "background:" + palette.color(row.name()));
            }
            html.text(row.name()).element("small", row.method()).close();
            for (Comparison.Cell cell : row.cells()) {
                html.open("td", "class", cell.best() ? "best" : "");
                html.text(cell.text().replaceFirst("^-", "−"));
                if (cell.best()) {
                    html.element("span", "★", "class", "star", "title", "best");
                }
                html.close();
            }
            html.close();
        }
        html.close().close().close();
        if (group.untouched().isPresent()) {
            html.element(
                    "p",
                    "Untouched model: the pretrained model as it is, from the zero-shot row; a method must beat it to be worth"
                            + " its cost.",
                    "class",
                    "note");
        }
    }

    private static String arrow(Comparison.Column column) {
        String direction = switch (column.better()) {
            case HIGHER -> "↑";
            case LOWER -> "↓";
        };
        return column.unit().isEmpty() ? direction : " " + direction;
    }
}
