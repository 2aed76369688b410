package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.VitConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Opens CLIP checkpoints of every form: OpenAI's archives, PyTorch and safetensors files, Hugging Face and open_clip folders.
 *
 * <p>What a file is follows from its content. Its configuration is the one beside it, or is inferred from the weights; the activation
 * is never guessed.
 */
public final class CheckpointReader {
    private static final String CONFIG = "config.json";
    private static final String OPEN_CLIP_CONFIG = "open_clip_config.json";
    private static final List<String> HUGGING_FACE_WEIGHTS = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");
    private static final List<String> OPEN_CLIP_WEIGHTS =
            List.of("open_clip_model.safetensors", "open_clip_pytorch_model.bin");

    private CheckpointReader() {}

    /**
     * Opens a checkpoint.
     *
     * @param path a {@code .pt}, {@code .bin} or {@code .safetensors} file, or a folder
     * @param options what the files do not say
     * @throws CheckpointException if it is damaged, is no CLIP model, or does not state its activation
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static Checkpoint open(Path path, CheckpointOptions options) {
        Path weights = Files.isDirectory(path) ? weightsIn(path) : path;
        WeightFiles files = WeightFiles.open(weights);
        boolean complete = false;
        try {
            Checkpoint checkpoint = checkpoint(weights, files, options);
            complete = true;
            return checkpoint;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(weights, String.valueOf(e.getMessage()), e);
        } finally {
            if (!complete) {
                files.close();
            }
        }
    }

    private static Path weightsIn(Path folder) {
        // Some repositories hold open_clip's files beside a config.json of another library.
        return find(folder, OPEN_CLIP_CONFIG, OPEN_CLIP_WEIGHTS)
                .or(() -> find(folder, CONFIG, HUGGING_FACE_WEIGHTS))
                .orElseThrow(() -> new CheckpointException(
                        folder,
                        "holds no CLIP model: looked for " + CONFIG + " with one of " + HUGGING_FACE_WEIGHTS
                                + ", and for " + OPEN_CLIP_CONFIG + " with one of " + OPEN_CLIP_WEIGHTS));
    }

    private static Optional<Path> find(Path folder, String config, List<String> weights) {
        return weights.stream()
                .map(folder::resolve)
                .filter(file -> Files.exists(file) && Files.exists(folder.resolve(config)))
                .findFirst();
    }

    private static Checkpoint checkpoint(Path weights, WeightFiles files, CheckpointOptions options) {
        Map<String, StoredTensor> stored = files.tensors();
        Layout layout = Layout.of(stored.keySet())
                .orElseThrow(
                        () -> new IllegalArgumentException("its tensors are not named as those of a CLIP model, but "
                                + stored.keySet().stream().limit(3).toList()));
        Map<String, StoredTensor> canonical = new LinkedHashMap<>(NameMapping.toCanonical(stored, layout));
        Path folder = Optional.ofNullable(weights.toAbsolutePath().getParent()).orElse(weights);
        Optional<Path> hugging = existing(folder.resolve(CONFIG))
                .filter(_ -> layout == Layout.HUGGING_FACE
                        || HUGGING_FACE_WEIGHTS.contains(weights.getFileName().toString()));
        Optional<Path> openClip = existing(folder.resolve(OPEN_CLIP_CONFIG))
                .filter(_ -> hugging.isEmpty()
                        && OPEN_CLIP_WEIGHTS.contains(weights.getFileName().toString()));
        CheckpointFormat format = hugging.map(_ -> CheckpointFormat.HUGGING_FACE_FOLDER)
                .or(() -> openClip.map(_ -> CheckpointFormat.OPEN_CLIP_FOLDER))
                .orElse(files.format());
        ClipConfig config = hugging.map(HuggingFaceConfig::read)
                .or(() -> openClip.map(OpenClipConfig::read))
                .map(stated -> agreeing(stated, options))
                .orElseGet(() -> ArchitectureInference.infer(canonical, activation(files.format(), options), options));
        ParameterShapes.requireMatch(canonical, config);
        Optional<StoredTensor> bias = Optional.ofNullable(canonical.remove(NameMapping.LOGIT_BIAS));
        return new Checkpoint(
                format,
                config,
                canonical,
                bias.map(value -> OptionalDouble.of(single(value))).orElseGet(OptionalDouble::empty),
                hugging.or(() -> openClip).map(_ -> folder).filter(CheckpointReader::hasTokenizer),
                hugging.flatMap(_ -> existing(folder.resolve("preprocessor_config.json")))
                        .or(() -> openClip),
                files.files());
    }

    private static float single(StoredTensor tensor) {
        if (tensor.elements() != 1) {
            throw new IllegalArgumentException(tensor + " should be a single number");
        }
        return tensor.toFloats()[0];
    }

    /** Applies the rule for weights that come without a configuration. */
    private static Activation activation(CheckpointFormat format, CheckpointOptions options) {
        if (format == CheckpointFormat.OPENAI_TORCHSCRIPT) {
            if (options.activation()
                    .filter(asked -> asked != Activation.QUICK_GELU)
                    .isPresent()) {
                throw new IllegalArgumentException(
                        "is one of OpenAI's archives, which were trained with quick_gelu; gelu would give wrong features");
            }
            return Activation.QUICK_GELU;
        }
        return options.activation()
                .orElseThrow(() -> new IllegalArgumentException(
                        "has no configuration beside it, and weights do not tell their activation; state it: quick_gelu for"
                                + " OpenAI's weights and their fine-tunes, MetaCLIP, DFN and LAION-400M ViT-B/32, gelu for"
                                + " LAION-2B, DataComp and most other models of open_clip"));
    }

    private static ClipConfig agreeing(ClipConfig config, CheckpointOptions options) {
        options.activation().filter(asked -> asked != config.activation()).ifPresent(asked -> {
            throw new IllegalArgumentException(
                    "was asked for with " + asked.configName() + ", but the configuration beside it says "
                            + config.activation().configName());
        });
        int visionHeads = switch (config.vision()) {
            case VitConfig vit -> vit.transformer().heads();
            case ResNetConfig resNet -> resNet.heads();
        };
        requireEqual("image tower", options.visionHeads(), visionHeads);
        requireEqual(
                "text tower", options.textHeads(), config.text().transformer().heads());
        return config;
    }

    private static void requireEqual(String tower, OptionalInt asked, int stated) {
        if (asked.isPresent() && asked.getAsInt() != stated) {
            throw new IllegalArgumentException("was asked for with " + asked.getAsInt() + " heads in the " + tower
                    + ", but the configuration beside it says " + stated);
        }
    }

    private static Optional<Path> existing(Path file) {
        return Optional.of(file).filter(Files::isRegularFile);
    }

    private static boolean hasTokenizer(Path folder) {
        return Files.isRegularFile(folder.resolve("tokenizer.json"))
                || (Files.isRegularFile(folder.resolve("vocab.json"))
                        && Files.isRegularFile(folder.resolve("merges.txt")));
    }
}
