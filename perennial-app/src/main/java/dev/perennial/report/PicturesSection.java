package dev.perennial.report;

import dev.perennial.evaluate.PredictionSample;
import dev.perennial.evaluate.PredictionSample.Prediction;
import dev.perennial.evaluate.RunResults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Some test pictures with what they were taken for before the first experience, and after the last one by each run. */
final class PicturesSection {
    /** More pictures say no more and make the page slow. */
    private static final int MOST = 48;

    private PicturesSection() {}

    static void write(Html html, RunGroup group, Palette palette) {
        List<Card> cards = cards(group, palette);
        if (cards.isEmpty()) {
            return;
        }
        html.element("h3", "Before and after");
        html.element(
                "p",
                "A few test pictures with the first prediction and, for each run, the last. They are examples, not a"
                        + " measurement."
                        + (cards.size() > MOST ? " The first " + MOST + " of " + cards.size() + " are shown." : ""),
                "class",
                "note");
        html.open("ul", "class", "note");
        group.runs().stream().filter(run -> !run.samples().isEmpty()).forEach(run -> html.element("li", changes(run)));
        html.close();
        html.open("div", "class", "pictures");
        cards.stream().limit(MOST).forEach(card -> card.write(html));
        html.close();
    }

    private static String changes(RunResults run) {
        long became = run.samples().stream()
                .filter(sample -> !right(sample, first(sample)) && right(sample, last(sample)))
                .count();
        long lost = run.samples().stream()
                .filter(sample -> right(sample, first(sample)) && !right(sample, last(sample)))
                .count();
        return run.summary().run() + ": of " + run.samples().size() + " pictures " + became + " became right, " + lost
                + " became wrong.";
    }

    /** One card a picture, with a line for each distinct first prediction and for each run's last. */
    private static List<Card> cards(RunGroup group, Palette palette) {
        var cards = new LinkedHashMap<List<String>, Card>();
        for (RunResults run : group.runs()) {
            String name = run.summary().run();
            for (PredictionSample sample : run.samples()) {
                Card card = cards.computeIfAbsent(
                        List.of(sample.dataSet(), sample.key(), sample.trueClass()),
                        key -> new Card(sample, new ArrayList<>(), new ArrayList<>()));
                var before = new Line(first(sample), first(sample).after(), "");
                if (!card.before().contains(before)) {
                    card.before().add(before);
                }
                if (sample.predictions().size() > 1) {
                    card.after().add(new Line(last(sample), name, palette.color(name)));
                }
            }
        }
        return List.copyOf(cards.values());
    }

    private static Prediction first(PredictionSample sample) {
        return sample.predictions().getFirst();
    }

    private static Prediction last(PredictionSample sample) {
        return sample.predictions().getLast();
    }

    private static boolean right(PredictionSample sample, Prediction prediction) {
        return prediction.predictedClass().equals(sample.trueClass());
    }

    /** A prediction, whose it is, and the colour of the run, if it is a run's. */
    private record Line(Prediction prediction, String label, String color) {
        void write(Html html, PredictionSample sample) {
            boolean right = right(sample, prediction);
            html.open("li", "class", right ? "right" : "wrong", "title", "after " + prediction.after());
            html.element(
                    "span", right ? "✓" : "✗", "class", "mark", "role", "img", "aria-label", right ? "right" : "wrong");
            html.element("span", prediction.predictedClass(), "class", "class");
            html.element("span", Format.probability(prediction.probability()), "class", "probability");
            html.open("small");
            if (!color.isEmpty()) {
                html.element("span", "", "class", "swatch", "style", "background:" + color);
            }
            html.text(label).close().close();
        }
    }

    private record Card(PredictionSample sample, List<Line> before, List<Line> after) {
        void write(Html html) {
            html.open("figure", "class", "picture");
            html.empty(
                    "img",
                    "src",
                    "data:" + sample.thumbnail().mediaType() + ";base64,"
                            + sample.thumbnail().base64(),
                    "alt",
                    sample.trueClass(),
                    "title",
                    sample.key(),
                    "loading",
                    "lazy");
            html.open("figcaption").element("strong", sample.trueClass());
            html.element("small", sample.dataSet());
            html.open("ol");
            before.forEach(line -> line.write(html, sample));
            after.forEach(line -> line.write(html, sample));
            html.close().close().close();
        }
    }
}
