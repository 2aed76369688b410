package dev.perennial.report;

import dev.perennial.evaluate.DataSetInfo;
import dev.perennial.evaluate.ExperienceInfo;
import dev.perennial.evaluate.ParameterCounts;
import dev.perennial.evaluate.Recognition;
import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.RunSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** With what, on what and at what cost each run was made: what is needed to repeat it. */
final class ProvenanceSection {
    private ProvenanceSection() {}

    static void write(Html html, List<RunResults> runs) {
        html.open("section", "id", "provenance").element("h2", "Provenance");
        for (RunResults run : runs) {
            html.open("article").element("h3", run.summary().run());
            html.open("div", "class", "scroll").open("table", "class", "facts").open("tbody");
            facts(run.summary())
                    .forEach((name, value) -> html.open("tr")
                            .element("th", name, "scope", "row")
                            .element("td", value)
                            .close());
            html.close().close().close();
            html.open("details").element("summary", "Test data");
            html.open("div", "class", "scroll")
                    .open("table", "class", "facts")
                    .open("thead")
                    .open("tr");
            for (String title : List.of("Data set", "Samples", "Classes", "Hash (SHA-256)", "Further metrics")) {
                html.element("th", title, "scope", "col");
            }
            html.close().close().open("tbody");
            run.summary().dataSets().forEach(dataSet -> dataSet(html, run.summary(), dataSet));
            html.close().close().close().close().close();
        }
        html.close();
    }

    static Map<String, String> facts(RunSummary summary) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("Method", summary.method());
        facts.put("Protocol", summary.protocol().label());
        facts.put("Model", summary.model().name());
        facts.put("Model hash (SHA-256)", summary.model().sha256());
        facts.put("Stream", summary.stream());
        facts.put(
                "Experiences",
                summary.experiences().stream().map(ExperienceInfo::name).collect(Collectors.joining(" → ")));
        ParameterCounts parameters = summary.parameters();
        facts.put(
                "Trained parameters",
                String.format(Locale.ROOT, "%,d of %,d", parameters.trainable(), parameters.total()));
        facts.put(
                "Trained groups",
                parameters.groups().stream()
                        .map(group -> group.name() + " (" + Format.count((double) group.parameters()) + ")")
                        .collect(Collectors.joining(", ")));
        var costs = summary.costs();
        facts.put(
                "Time",
                Format.seconds(costs.totalSeconds()) + " (learning " + Format.seconds(costs.trainSeconds())
                        + ", evaluating " + Format.seconds(costs.evaluateSeconds()) + "), "
                        + Format.score(costs.imagesPerSecond()) + " samples/s");
        facts.put("Peak memory", Format.bytes((double) costs.peakMemoryBytes()));
        facts.put("Seed", Long.toString(summary.provenance().seed()));
        facts.put("Commit", summary.provenance().commit());
        facts.put("Config hash (SHA-256)", summary.provenance().configSha256());
        facts.put(
                "Software",
                summary.provenance().software().entrySet().stream()
                        .map(software -> software.getKey() + " " + software.getValue())
                        .collect(Collectors.joining(", ")));
        return facts;
    }

    private static void dataSet(Html html, RunSummary summary, DataSetInfo dataSet) {
        String further = summary.perDataSet().getOrDefault(dataSet.name(), Map.of()).entrySet().stream()
                .filter(metric -> !Recognition.isShare(metric.getKey()))
                .map(metric -> metric.getKey() + " " + Format.score(metric.getValue()))
                .collect(Collectors.joining(", "));
        html.open("tr")
                .element("th", dataSet.name(), "scope", "row")
                .element("td", Long.toString(dataSet.samples()))
                .element("td", Integer.toString(dataSet.classes()))
                .element("td", dataSet.sha256())
                .element("td", further)
                .close();
    }
}
