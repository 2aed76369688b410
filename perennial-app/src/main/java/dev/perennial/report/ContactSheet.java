package dev.perennial.report;

import dev.perennial.evaluate.Thumbnail;
import java.util.List;
import java.util.Locale;

/** Pairs of images beside each other with what two encoders make of them, as a page of its own. */
public final class ContactSheet {
    private ContactSheet() {}

    /**
     * One of the two images.
     *
     * @param key its name in the collection
     * @param label what is known about it, such as its class; may be empty
     * @param thumbnail a small picture of it
     */
    public record Picture(String key, String label, Thumbnail thumbnail) {}

    /** A pair with its cosines. */
    public record Pair(Picture first, Picture second, float cosine, float otherCosine) {}

    /**
     * Returns the page.
     *
     * @param title its title
     * @param lead what the pairs are
     * @param notes further lines
     */
    public static String page(String title, String lead, List<String> notes, List<Pair> pairs) {
        Html html = HtmlPage.begin(title, lead);
        html.open("ul", "class", "note");
        notes.forEach(note -> html.element("li", note));
        html.close();
        html.open("div", "class", "pairs");
        for (Pair pair : pairs) {
            html.open("figure", "class", "pair");
            picture(html, pair.first());
            picture(html, pair.second());
            html.open("figcaption").element("strong", number(pair.cosine()) + " / " + number(pair.otherCosine()));
            html.element("small", caption(pair.first()));
            html.element("small", caption(pair.second()));
            html.close().close();
        }
        html.close();
        return HtmlPage.plain(html);
    }

    private static void picture(Html html, Picture picture) {
        html.empty(
                "img",
                "src",
                "data:" + picture.thumbnail().mediaType() + ";base64,"
                        + picture.thumbnail().base64(),
                "alt",
                picture.label(),
                "title",
                picture.key(),
                "loading",
                "lazy");
    }

    private static String caption(Picture picture) {
        return picture.label().isEmpty() ? picture.key() : picture.label() + " (" + picture.key() + ")";
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
