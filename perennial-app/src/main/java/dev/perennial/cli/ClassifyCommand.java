package dev.perennial.cli;

import dev.perennial.clip.Prediction;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.data.Dataset;
import dev.perennial.data.ImageList;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.Suggestion;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial classify}. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = "Say which of these labels fits each image, by a model alone or as a run has adapted it.",
        footer = {
            "",
            "Example: perennial classify --model perennial-micro --labels cat,dog,\"a red fox\" photos/",
            "         perennial classify --model runs/languages --labels chat,chien --language fr photos/",
            "Exit codes: 0 done, 1 an image could not be read or something failed, 2 wrong usage."
        })
final class ClassifyCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private LanguageOption language = new LanguageOption();

    @ArgGroup(exclusive = true)
    private LabelOptions labels = new LabelOptions();

    @ArgGroup(exclusive = true)
    private TemplateOptions templates = new TemplateOptions();

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "5",
            description = "Labels shown for each image, the most probable first (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--format",
            defaultValue = "table",
            paramLabel = "table|json|csv",
            description = "How results are printed (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TABLE;

    @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Image files, or folders of them.")
    private List<Path> images = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Where labels come from. */
    private static final class LabelOptions {
        @Option(
                names = "--labels",
                paramLabel = "A,B,...",
                description = "The labels to choose from; one with a comma in it goes in double quotes.")
        private List<String> listed = List.of();

        @Option(names = "--labels-file", paramLabel = "FILE", description = "The same, one label a line.")
        private Optional<Path> file = Optional.empty();
    }

    /** Where prompt templates come from. */
    private static final class TemplateOptions {
        @Option(
                names = "--templates",
                paramLabel = "T,...",
                description = "Prompts with {} for the label, used together; one with a comma in it goes in double"
                        + " quotes (default: a photo of a {}.; the label alone with --language).")
        private List<String> listed = List.of();

        @Option(
                names = "--template-set",
                paramLabel = "NAME",
                completionCandidates = TemplateSets.class,
                description = "A bundled set of prompts: ${COMPLETION-CANDIDATES}.")
        private Optional<String> set = Optional.empty();
    }

    /** The names of the bundled sets. */
    private static final class TemplateSets extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        private TemplateSets() {
            super(PromptTemplates.names());
        }
    }

    @Override
    public Integer call() {
        Candidates candidates = new Candidates(labels(), templates());
        if (top < 1) {
            throw usage("--top must be at least 1 but is " + top);
        }
        List<Classification> results = new ArrayList<>();
        List<String> failures;
        PrintStream terminal = System.err;
        try (Dataset dataset = ImageList.open(images);
                AdaptedModel opened = model.open();
                ImageClassifier classifier = language.of(opened).classifier(candidates, OptionalInt.empty());
                Progress progress = new Progress(terminal)) {
            failures = new ImageBatches(dataset, opened.preprocessing(), progress)
                    .forEach(
                            "classifying",
                            pixels -> classifier.logits(pixels).softmax(1),
                            (image, probabilities) -> results.add(
                                    new Classification(image, ranked(candidates.classNames(), probabilities))));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(Classification.print(results, format));
        out.flush();
        return Failures.report(failures, spec.commandLine());
    }

    private List<String> labels() {
        List<String> names = labels.file.map(TextFile::lines).orElseGet(() -> Csv.values(labels.listed));
        if (names.isEmpty()) {
            throw usage("there are no labels to choose from; give some with --labels cat,dog or --labels-file FILE");
        }
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw usage("the label '" + name + "' is given twice; leave one out");
        });
        return names;
    }

    private PromptTemplates templates() {
        if (templates.set.isPresent()) {
            String name = templates.set.get();
            if (!PromptTemplates.names().contains(name)) {
                throw usage(Suggestion.unknown("template set", name, PromptTemplates.names()));
            }
            return PromptTemplates.named(name);
        }
        List<String> listed = Csv.values(templates.listed);
        try {
            String usual = language.isNamed() ? "{}" : "a photo of a {}.";
            return listed.isEmpty() ? PromptTemplates.of(usual) : new PromptTemplates(listed);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private List<Prediction> ranked(List<String> names, float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .mapToObj(i -> new Prediction(names.get(i), probabilities[i]))
                .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
                .limit(top)
                .toList();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
