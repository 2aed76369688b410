package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import dev.perennial.method.MethodTable;

/** What methods say of themselves. */
final class MethodSection {
    private MethodSection() {}

    static void write(Html html, RunGroup group) {
        for (RunResults run : group.runs()) {
            for (MethodTable table : run.tables()) {
                html.element("h3", run.summary().run() + ": " + table.title())
                        .element("p", table.note(), "class", "note")
                        .open("div", "class", "scroll");
                text(table).write(html);
                html.close();
            }
        }
    }

    static TextTable text(MethodTable table) {
        var text = new TextTable(table.columns());
        table.rows().forEach(text::row);
        return text;
    }
}
