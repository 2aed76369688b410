package dev.perennial.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML in which every text and attribute value is escaped and every element is closed. */
final class Html {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn. */
    Html open(String tag, String... attributes) {
        empty(tag, attributes);
        open.push(tag);
        return this;
    }

    /** Writes an element that has no content and no end tag, such as {@code img}. */
    Html empty(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escape(attributes[i + 1]))
                    .append('"');
        }
        out.append('>');
        return this;
    }

    /** Closes the element that was opened last. */
    Html close() {
        String tag = open.pop();
        out.append("</").append(tag).append('>');
        if (!tag.equals("span") && !tag.equals("strong") && !tag.equals("code")) {
            out.append('\n');
        }
        return this;
    }

    Html text(String text) {
        out.append(escape(text));
        return this;
    }

    /** Writes an element with text in it. */
    Html element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Writes trusted text as it is: style sheets and scripts of our own. */
    Html raw(String trusted) {
        out.append(trusted);
        return this;
    }

    /** Writes JSON into a script element that is data, not code. */
    Html json(String id, String json) {
        // Within a script element only "<" can end it or start a comment; JSON allows the escape in every string.
        return open("script", "type", "application/json", "id", id)
                .raw(json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
                .close();
    }

    /** Returns what was written. */
    String finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("elements left open: " + open);
        }
        return out.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
