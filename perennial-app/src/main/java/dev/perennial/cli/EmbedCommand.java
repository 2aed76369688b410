package dev.perennial.cli;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Dataset;
import dev.perennial.data.ImageList;
import dev.perennial.method.AdaptedClip;
import dev.perennial.run.AdaptedModel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perennial embed}. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description =
                "Write the embeddings of images and texts, each of length one, with their keys: the path of an image,"
                        + " a text itself.",
        footer = {
            "",
            "Example: perennial embed --model perennial-micro --images photos/ --text \"a red fox\" --output out.safetensors",
            "Exit codes: 0 done, 1 an image could not be read or something failed, 2 wrong usage."
        })
final class EmbedCommand implements Callable<Integer> {
    /** Texts that go through the model together. */
    private static final int TEXTS = 256;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Option(names = "--images", arity = "1..*", paramLabel = "PATH", description = "Image files, or folders of them.")
    private List<Path> images = List.of();

    @Option(names = "--text", arity = "1..*", paramLabel = "TEXT", description = "Texts, each in quotes.")
    private List<String> texts = List.of();

    @Option(names = "--texts-file", paramLabel = "FILE", description = "Texts, one a line.")
    private Optional<Path> textsFile = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "What is written: .safetensors (matrices image_embeddings and text_embeddings, keys in the"
                    + " metadata), .csv or .jsonl (kind, key, numbers; one embedding a line).")
    private Path output = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        EmbeddingFile form = EmbeddingFile.of(output)
                .orElseThrow(() -> usage("--output must end in .safetensors, .csv or .jsonl but is " + output));
        List<String> allTexts = new ArrayList<>(texts);
        textsFile.ifPresent(file -> allTexts.addAll(TextFile.lines(file)));
        if (images.isEmpty() && allTexts.isEmpty()) {
            throw usage("there is nothing to embed; give --images, --text or --texts-file");
        }
        List<String> failures = new ArrayList<>();
        PrintStream terminal = System.err;
        try (AdaptedModel opened = model.open();
                Progress progress = new Progress(terminal)) {
            if (images.isEmpty()) {
                form.write(output, allTexts.size(), sink -> embedTexts(language.of(opened), allTexts, progress, sink));
            } else {
                try (Dataset dataset = ImageList.open(images)) {
                    form.write(output, Math.max(dataset.size(), allTexts.size()), sink -> {
                        failures.addAll(embedImages(opened, dataset, progress, sink));
                        embedTexts(language.of(opened), allTexts, progress, sink);
                    });
                }
            }
        }
        return Failures.report(failures, spec.commandLine());
    }

    private static List<String> embedImages(AdaptedModel model, Dataset images, Progress progress, EmbeddingSink sink) {
        return new ImageBatches(images, model.preprocessing(), progress)
                .forEach(
                        "embedding images",
                        model.clip()::embedImages,
                        (image, row) -> sink.add(EmbeddingSink.Kind.IMAGE, image, row));
    }

    private static void embedTexts(AdaptedClip clip, List<String> texts, Progress progress, EmbeddingSink sink) {
        for (int from = 0; from < texts.size(); from += TEXTS) {
            List<String> chunk = texts.subList(from, Math.min(from + TEXTS, texts.size()));
            try (var _ = new TensorScope()) {
                float[][] rows = Tensors.toRows(clip.embedTexts(chunk));
                for (int i = 0; i < rows.length; i++) {
                    sink.add(EmbeddingSink.Kind.TEXT, chunk.get(i), rows[i]);
                }
            }
            if (texts.size() > TEXTS) {
                progress.at("embedding texts", from + chunk.size(), texts.size(), "");
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
