package dev.perennial.report;

/** Text in Markdown. */
final class Markdown {
    private Markdown() {}

    /** Escapes what Markdown or HTML would take for markup, and keeps the text on one line. */
    static String escape(String text) {
        return Format.line(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replaceAll("([\\\\`*_\\[\\]|~#])", "\\\\$1");
    }
}
