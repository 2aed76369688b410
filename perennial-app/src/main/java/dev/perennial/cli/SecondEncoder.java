package dev.perennial.cli;

import dev.perennial.clip.checkpoint.Safetensors;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.TensorFile;
import dev.perennial.clip.image.Channels;
import dev.perennial.clip.image.CropRounding;
import dev.perennial.clip.image.Interpolation;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.image.ResizeMode;
import dev.perennial.data.BadSampleException;
import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.judge.JudgeProgress;
import dev.perennial.judge.blind.EncodedImages;
import dev.perennial.judge.blind.ImageEncoder;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.ConfigException;
import dev.perennial.run.ModelSource;
import dev.perennial.teacher.onnx.OnnxTeachers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The options that say which encoder sees what the first is blind to. */
final class SecondEncoder {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    @Option(
            names = "--second-output",
            paramLabel = "NAME",
            defaultValue = "features",
            description = "Output of the ONNX model, [images, width] (default: ${DEFAULT-VALUE}).")
    private String output = "";

    @Option(
            names = "--second-size",
            paramLabel = "N",
            defaultValue = "224",
            description = "Side of the ONNX model's images in pixels (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--second-pixels",
            paramLabel = "imagenet|clip|half",
            defaultValue = "imagenet",
            description = "Mean and deviation of the ONNX model's pixels: ImageNet's, CLIP's, or 0.5 and 0.5 (default:"
                    + " ${DEFAULT-VALUE}).")
    private Pixels pixels = Pixels.IMAGENET;

    /** Where it comes from. */
    private static final class Source {
        @Option(names = "--second", paramLabel = "MODEL", description = "Another model, named like the first.")
        private Optional<String> model = Optional.empty();

        @Option(names = "--second-onnx", paramLabel = "FILE", description = "An image model in an ONNX file.")
        private Optional<Path> onnx = Optional.empty();

        @Option(
                names = "--second-embeddings",
                paramLabel = "FILE",
                description =
                        "Embeddings of the same images made elsewhere: safetensors in the form of 'perennial embed', whose"
                                + " keys end like the names of the images.")
        private Optional<Path> embeddings = Optional.empty();
    }

    /** Usual normalisations of pixels. */
    private enum Pixels {
        IMAGENET(new Channels(0.485, 0.456, 0.406), new Channels(0.229, 0.224, 0.225)),
        CLIP(Channels.OPENAI_MEAN, Channels.OPENAI_STD),
        HALF(Channels.all(0.5), Channels.all(0.5));

        private final Channels mean;
        private final Channels std;

        Pixels(Channels mean, Channels std) {
            this.mean = mean;
            this.std = std;
        }
    }

    /** Returns what it is called. */
    String name() {
        return source.model
                .or(() -> source.onnx
                        .or(() -> source.embeddings)
                        .map(file -> file.getFileName().toString()))
                .orElseThrow();
    }

    EncodedImages encode(Dataset dataset, BadSamples bad, JudgeProgress progress) {
        if (source.embeddings.isPresent()) {
            return read(source.embeddings.get(), dataset);
        }
        try (ImageEncoder encoder = open()) {
            return EncodedImages.of(encoder, dataset, bad, name(), progress);
        }
    }

    private ImageEncoder open() {
        if (source.onnx.isPresent()) {
            var preprocessing = new Preprocessing(
                    size, ResizeMode.SHORTEST, Interpolation.BICUBIC, pixels.mean, pixels.std, CropRounding.OPENAI);
            return ImageEncoder.of(new OnnxTeachers().image(source.onnx.get(), preprocessing, List.of(output)));
        }
        ModelSource models = ModelOption.source();
        return ImageEncoder.of(AdaptedModel.open(models.find(source.model.orElseThrow(), Path.of("")), models));
    }

    /** Finds the row of each image by its key, or by the end of it after a slash. */
    private static EncodedImages read(Path file, Dataset dataset) {
        try (TensorFile tensors = Safetensors.read(file)) {
            StoredTensor matrix = tensors.tensor("image_embeddings");
            List<String> keys = JsonMapper.shared()
                    .readValue(
                            tensors.metadata().getOrDefault("image_keys", "[]"), new TypeReference<List<String>>() {});
            if (matrix.shape().length != 2 || matrix.dimension(0) != keys.size()) {
                throw new ConfigException(file + ": has " + keys.size() + " keys for the rows of image_embeddings");
            }
            Map<String, Integer> places = new HashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                places.put(keys.get(i), i);
                places.put(Path.of(keys.get(i)).getFileName().toString(), i);
            }
            int width = (int) matrix.dimension(1);
            float[] flat = matrix.toFloats();
            SortedMap<Integer, float[]> rows = new TreeMap<>();
            for (int position = 0; position < dataset.size(); position++) {
                Optional<Integer> place = key(dataset, position)
                        .map(key -> places.getOrDefault(
                                key,
                                places.getOrDefault(Path.of(key).getFileName().toString(), -1)));
                if (place.isPresent() && place.get() >= 0) {
                    rows.put(position, Arrays.copyOfRange(flat, place.get() * width, (place.get() + 1) * width));
                }
            }
            return EncodedImages.normalised(rows);
        } catch (JacksonException e) {
            throw new ConfigException(file + ": its image_keys are no list of names");
        }
    }

    private static Optional<String> key(Dataset dataset, int position) {
        try {
            return Optional.of(dataset.sample(position).key());
        } catch (BadSampleException e) {
            return Optional.empty();
        }
    }
}
