package dev.perennial.report;

import dev.perennial.evaluate.RunResults;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The whole page. Styles, scripts, data and pictures are inside, and its security policy forbids every request. */
final class HtmlPage {
    private static final String POLICY =
            "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
    private static final Pattern SOURCE_MAP = Pattern.compile("(?m)^//# sourceMappingURL=.*$");

    private static final List<String> PLOTTING =
            List.of("vega/vega.min.js", "vega/vega-lite.min.js", "vega/vega-embed.min.js", "plots.js");

    private HtmlPage() {}

    static String of(List<RunResults> runs) {
        List<RunGroup> groups = RunGroup.of(runs);
        var palette = new Palette(runs.stream().map(run -> run.summary().run()).toList());
        var html = begin(title(runs), subtitle(runs, groups));
        for (int g = 0; g < groups.size(); g++) {
            RunGroup group = groups.get(g);
            html.open("section").element("h2", group.title());
            ComparisonSection.write(html, group, palette);
            CurvesSection.write(html, group, g, palette);
            AlignmentView alignment = AlignmentView.ofRuns(group.runs());
            if (!alignment.isEmpty()) {
                alignment.write(html, "alignment-" + g, palette);
            }
            AnytimeView anytime = AnytimeView.ofRuns(group.runs());
            if (!anytime.isEmpty()) {
                anytime.write(html, "anytime-" + g, palette);
            }
            DiagnosisView diagnosis = DiagnosisView.ofRuns(group.runs());
            if (!diagnosis.isEmpty()) {
                diagnosis.write(html, "diagnosis-" + g, palette);
            }
            MatrixSection.write(html, group);
            RecognitionSection.write(html, group);
            RetrievalSection.write(html, group);
            MethodSection.write(html, group);
            PicturesSection.write(html, group, palette);
            html.close();
        }
        GuideSection.write(html, runs);
        ProvenanceSection.write(html, runs);
        return end(html, List.of("report.js", "alignment.js", "courses.js"));
    }

    /** Starts a page and opens its main part. */
    static Html begin(String title, String subtitle) {
        var html =
                new Html().raw("<!doctype html>\n").open("html", "lang", "en").open("head");
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.element("title", title);
        html.open("style").raw(resource("report.css")).close();
        html.close().open("body");
        html.open("header").element("p", "Perennial", "class", "brand").element("h1", title);
        html.element("p", subtitle, "class", "lead").close();
        return html.open("main");
    }

    /** Closes the main part, adds the plotting library and these scripts, and returns the page. */
    static String end(Html html, List<String> scripts) {
        html.close();
        for (String script : Stream.concat(PLOTTING.stream(), scripts.stream()).toList()) {
            html.open("script")
                    .raw(SOURCE_MAP.matcher(resource(script)).replaceAll(""))
                    .close();
        }
        return html.close().close().finish();
    }

    /** Closes the main part of a page without scripts, and returns the page. */
    static String plain(Html html) {
        return html.close().close().close().finish();
    }

    private static String title(List<RunResults> runs) {
        return runs.size() == 1 ? runs.getFirst().summary().run() : runs.size() + " runs compared";
    }

    private static String subtitle(List<RunResults> runs, List<RunGroup> groups) {
        List<String> models = runs.stream()
                .map(run -> run.summary().model().name())
                .distinct()
                .toList();
        List<String> streams = groups.stream().map(RunGroup::title).distinct().toList();
        return "What " + String.join(" and ", models) + " learned and what it kept on " + String.join(" and ", streams)
                + ".";
    }

    private static String resource(String name) {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " cannot be read", e);
        }
    }
}
