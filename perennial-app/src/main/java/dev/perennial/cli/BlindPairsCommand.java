package dev.perennial.cli;

import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Datasets;
import dev.perennial.data.ImageList;
import dev.perennial.data.Sample;
import dev.perennial.evaluate.Thumbnail;
import dev.perennial.judge.JudgeProgress;
import dev.perennial.judge.blind.BlindPair;
import dev.perennial.judge.blind.BlindPairs;
import dev.perennial.judge.blind.BlindPairs.Found;
import dev.perennial.judge.blind.BlindPairs.Thresholds;
import dev.perennial.judge.blind.EncodedImages;
import dev.perennial.judge.blind.ImageEncoder;
import dev.perennial.report.ContactSheet;
import dev.perennial.run.Thumbnails;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perennial blind-pairs}. */
@Command(
        name = "blind-pairs",
        mixinStandardHelpOptions = true,
        description = {
            "Find pairs of images that a model takes for nearly the same and a second encoder tells apart:",
            "your own list of what your CLIP cannot see."
        },
        footer = {
            "",
            "Example: perennial blind-pairs -m perennial-micro --second other-model --images photos/ -o blind",
            "The thresholds of the paper fit CLIP and DINOv2 of size L/14; for others --shares finds some.",
            "Exit codes: 0 done, 1 an image could not be read or something failed, 2 wrong usage."
        })
final class BlindPairsCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private SecondEncoder second = new SecondEncoder();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Collection collection = new Collection();

    /** Where images come from. */
    private static final class Collection {
        @Option(
                names = "--images",
                arity = "1..*",
                paramLabel = "PATH",
                description = "Image files, or folders of them.")
        private List<Path> images = List.of();

        @Option(
                names = "--data",
                paramLabel = "PATH",
                description = "A data set: shards, a table, class folders, or a bundled one such as bundled:emoji.")
        private Optional<String> data = Optional.empty();
    }

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "test",
            description = "Split of --data, if it is split (default: ${DEFAULT-VALUE}).")
    private String split = "";

    @Option(
            names = "--above",
            paramLabel = "COSINE",
            defaultValue = "0.95",
            description = "Cosine of the model that a pair must exceed (default: ${DEFAULT-VALUE}).")
    private float above;

    @Option(
            names = "--below",
            paramLabel = "COSINE",
            defaultValue = "0.6",
            description = "Cosine of the second encoder that it must stay under (default: ${DEFAULT-VALUE}).")
    private float below;

    @Option(
            names = "--shares",
            paramLabel = "TOP,BOTTOM",
            split = ",",
            description =
                    "Thresholds as shares of random pairs in place of cosines, such as 0.0001,0.5: the most alike to"
                            + " the model, the least alike to the second encoder.")
    private List<Double> shares = List.of();

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "100",
            description = "Pairs listed, those with the widest difference (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = "--per-image",
            paramLabel = "N",
            defaultValue = "2",
            description = "Pairs of any one image among them (default: ${DEFAULT-VALUE}).")
    private int perImage;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            required = true,
            description = "Where pairs.csv and contact-sheet.html are written.")
    private Path output = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        boolean usable =
                shares.isEmpty() || (shares.size() == 2 && shares.stream().allMatch(share -> share > 0 && share < 1));
        if (!usable || most < 1 || perImage < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--shares are two numbers between 0 and 1; --most and --per-image at least 1");
        }
        PrintStream terminal = System.err;
        var bad = new BadSamples();
        try (Dataset dataset = open();
                Progress progress = new Progress(terminal)) {
            JudgeProgress heard = (task, done, total) -> progress.at(task, done, total, "");
            EncodedImages rows;
            try (ImageEncoder encoder = ImageEncoder.of(model.open())) {
                rows = EncodedImages.of(encoder, dataset, bad, model.name(), heard);
            }
            EncodedImages others = second.encode(dataset, bad, heard);
            List<Integer> positions = rows.common(others);
            float[][] first = rows.at(positions);
            float[][] seen = others.at(positions);
            if (positions.size() < 2) {
                throw new IllegalArgumentException(
                        "both encoders have " + positions.size() + " images in common; blind pairs need at least two");
            }
            Thresholds thresholds = shares.isEmpty()
                    ? new Thresholds(above, below)
                    : Thresholds.ofShares(first, seen, shares.get(0), shares.get(1));
            Found found = BlindPairs.find(first, seen, thresholds, most, perImage);
            write(dataset, positions, thresholds, found);
        }
        return Failures.report(
                bad.list().stream().map(sample -> sample.reason()).toList(), spec.commandLine());
    }

    private Dataset open() {
        if (collection.data.isEmpty()) {
            return ImageList.open(collection.images);
        }
        DatasetSpec data = DatasetSpec.of(collection.data.get());
        boolean isSplit = !Datasets.splits(data, Path.of(""), Folders.shards()).isEmpty();
        return Datasets.open(data, Path.of(""), isSplit ? split : "", Folders.shards());
    }

    private void write(Dataset dataset, List<Integer> positions, Thresholds thresholds, Found found) {
        List<List<String>> lines = new ArrayList<>(List.of(List.of("first", "second", "cosine", "second-cosine")));
        List<ContactSheet.Pair> shown = new ArrayList<>();
        for (BlindPair pair : found.pairs()) {
            Sample one = dataset.sample(positions.get(pair.first()));
            Sample other = dataset.sample(positions.get(pair.second()));
            lines.add(
                    List.of(one.key(), other.key(), Float.toString(pair.cosine()), Float.toString(pair.otherCosine())));
            shown.add(new ContactSheet.Pair(picture(one), picture(other), pair.cosine(), pair.otherCosine()));
        }
        String summary = String.format(
                Locale.ROOT,
                "%,d images, %,d pairs above %.3f to %s; %,d of them below %.3f to %s; %,d shown",
                positions.size(),
                found.above(),
                thresholds.above(),
                model.name(),
                found.found(),
                thresholds.below(),
                second.name(),
                shown.size());
        String lead =
                "Pairs that " + model.name() + " takes for nearly the same and " + second.name() + " tells apart.";
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw new UncheckedIOException(output + ": cannot be created", e);
        }
        put("pairs.csv", Csv.of(lines));
        put(
                "contact-sheet.html",
                ContactSheet.page(
                        "Blind pairs",
                        lead,
                        List.of(
                                summary + ".",
                                "Below each pair: the cosine of the model and that of the second encoder."),
                        shown));
        PrintWriter out = spec.commandLine().getOut();
        out.println(summary);
        out.println("contact sheet: " + output.resolve("contact-sheet.html"));
        out.flush();
    }

    private static ContactSheet.Picture picture(Sample sample) {
        String label = sample.className()
                .or(() -> sample.captions().values().stream()
                        .flatMap(List::stream)
                        .findFirst())
                .orElse("");
        return new ContactSheet.Picture(
                sample.key(), label, Thumbnail.of(Thumbnails.png(sample.image().decode())));
    }

    private void put(String file, String text) {
        DurableFile.write(output.resolve(file), text.getBytes(StandardCharsets.UTF_8));
    }
}
