package dev.perennial.clip;

import dev.perennial.clip.checkpoint.Checkpoint;
import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.clip.checkpoint.CheckpointOptions;
import dev.perennial.clip.checkpoint.CheckpointReader;
import dev.perennial.clip.checkpoint.DurableFile;
import dev.perennial.clip.checkpoint.HuggingFaceFolder;
import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.clip.image.ImageDecoder;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.image.PreprocessingConfigs;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Extension;
import dev.perennial.clip.tower.ImageTower;
import dev.perennial.clip.tower.Parameters;
import dev.perennial.clip.tower.TextTower;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.clip.tower.TowerSites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A CLIP model: two towers that map images and texts to points of one space, where a picture lies near its description (Radford et
 * al. 2021, arXiv 2103.00020).
 *
 * <p>Methods that return arrays are for use; those that return tensors are for building on, and their results belong to the
 * caller's {@link TensorScope}. Closing the model frees its weights.
 */
public final class Clip implements AutoCloseable {
    /** The official name of the token embedding, {@code [tokens, text width]}. */
    public static final String TOKEN_EMBEDDING = "token_embedding.weight";

    private static final long MAX_PREPARATION_BYTES = 1 << 20;

    private ClipConfig config;
    private final Parameters parameters;
    private Tokenizer tokenizer;
    private final Preprocessing preprocessing;
    private final ImageTower imageTower;
    private final TextTower textTower;
    private final TowerSites ownImageSites;
    private final TowerSites ownTextSites;
    private final List<Extension> extensions = new ArrayList<>();

    /** Creates a model from its parts; it takes over the parameters. */
    public Clip(ClipConfig config, Parameters parameters, Tokenizer tokenizer, Preprocessing preprocessing) {
        if (tokenizer.vocabularySize() > config.text().vocabularySize()) {
            throw new IllegalArgumentException("the tokenizer has " + tokenizer.vocabularySize()
                    + " tokens but the model embeds only " + config.text().vocabularySize()
                    + "; give the tokenizer that the model was trained with");
        }
        this.config = config;
        this.parameters = parameters;
        this.tokenizer = tokenizer.withContextLength(config.text().contextLength());
        this.preprocessing = preprocessing;
        this.imageTower = ImageTower.of(config.vision(), parameters);
        this.textTower = new TextTower(config.text(), parameters);
        this.ownImageSites = imageTower.emptySites();
        this.ownTextSites = textTower.emptySites();
    }

    /**
     * Loads a model: a Hugging Face or open_clip folder, or a single checkpoint file ({@code .pt}, {@code .bin},
     * {@code .safetensors}).
     *
     * @throws dev.perennial.clip.checkpoint.CheckpointException if the checkpoint cannot be read or leaves something open, such
     *     as the activation of a bare state dict
     */
    public static Clip load(Path model) {
        return load(model, CheckpointOptions.NONE);
    }

    /** Loads a model whose checkpoint does not state everything, or of which something is to be changed. */
    public static Clip load(Path model, CheckpointOptions options) {
        try (Checkpoint checkpoint = CheckpointReader.open(model, options);
                var _ = new TensorScope()) {
            ClipConfig config = checkpoint.config();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            checkpoint.tensors().forEach((name, stored) -> tensors.put(name, TensorStorage.load(stored)));
            Tokenizer tokenizer =
                    checkpoint.tokenizerFolder().map(Tokenizer::load).orElseGet(Tokenizer::openai);
            Preprocessing preprocessing = checkpoint
                    .preprocessing()
                    .map(file -> preprocessing(file, config.vision().imageSize()))
                    .orElseGet(() -> Preprocessing.openai(config.vision().imageSize()));
            Parameters parameters = new Parameters(tensors);
            try {
                return new Clip(config, parameters, tokenizer, preprocessing);
            } catch (IllegalArgumentException e) {
                parameters.close();
                throw e;
            }
        }
    }

    /**
     * Writes the model in the Hugging Face layout: configuration, weights, tokenizer and image preparation.
     *
     * @throws IllegalStateException if the model has parts that a plain CLIP has not
     */
    public void save(Path folder, StoredType type) {
        if (isExtended()) {
            throw new IllegalStateException("the model has parts that no plain CLIP has and cannot be written as one");
        }
        Map<String, StoredTensor> stored = new LinkedHashMap<>();
        parameters.asMap().forEach((name, tensor) -> stored.put(name, TensorStorage.store(name, tensor)));
        HuggingFaceFolder.write(folder, config, stored, type);
        tokenizer.save(folder);
        DurableFile.write(
                folder.resolve("preprocessor_config.json"),
                PreprocessingConfigs.toHuggingFace(preprocessing).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Puts another tokenizer and the embeddings of its tokens in place of the model's own, for a vocabulary that grows or is put back.
     *
     * @param other keeps the model's context length
     * @param embedding {@code [tokens, text width]}, one row for each token; taken over
     * @throws IllegalArgumentException if it has another shape
     */
    public void replaceVocabulary(Tokenizer other, Tensor embedding) {
        TextConfig text = config.text();
        int tokens = other.vocabularySize();
        if (embedding.dim() != 2
                || embedding.size(0) != tokens
                || embedding.size(1) != text.transformer().width()) {
            throw new IllegalArgumentException("the embeddings of " + tokens + " tokens must be [" + tokens + ", "
                    + text.transformer().width() + "] but are " + Arrays.toString(embedding.shape()));
        }
        parameters.replace(TOKEN_EMBEDDING, embedding);
        config = new ClipConfig(
                config.embedDim(),
                config.vision(),
                new TextConfig(text.contextLength(), tokens, other.endId(), text.transformer()));
        tokenizer = other.withContextLength(text.contextLength());
    }

    /** Returns the architecture. */
    public ClipConfig config() {
        return config;
    }

    /** Returns the weights; changing one changes the model. */
    public Parameters parameters() {
        return parameters;
    }

    /** Returns the tokenizer, at the model's context length. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Returns how images are prepared. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** Returns the factor on the cosines, {@code exp} of the learned logit scale. */
    public double logitScale() {
        try (var _ = new TensorScope()) {
            return Math.exp(parameters.get("logit_scale").item_double());
        }
    }

    /** Returns an independent copy of the model. */
    public Clip copy() {
        return extended(new Clip(config, parameters.copy(), tokenizer, preprocessing));
    }

    /**
     * Returns a model of its own over the same weights in memory, which are freed when the last model over them is closed. Changing
     * a weight's values changes all of them.
     */
    public Clip sharing() {
        return extended(new Clip(config, parameters.sharing(), tokenizer, preprocessing));
    }

    /** Returns a copy for inference with bfloat16 weights, faster where the processor has instructions for them. */
    public Clip inBfloat16() {
        return extended(new Clip(config, parameters.toBfloat16(), tokenizer, preprocessing));
    }

    private Clip extended(Clip copy) {
        for (Extension extension : extensions) {
            extension.attach(copy.parameters, copy.ownImageSites, copy.ownTextSites);
            copy.extensions.add(extension);
        }
        return copy;
    }

    /**
     * Makes parts the model's own: what it computes passes through them from now on, and its copies have them too.
     *
     * @param start the parameters of the parts at their initial values, which are taken over
     */
    public void extend(Extension extension, Map<String, Tensor> start) {
        parameters.add(start);
        extension.attach(parameters, ownImageSites, ownTextSites);
        extensions.add(extension);
    }

    /** Returns whether the model has parts that a plain CLIP has not. */
    public boolean isExtended() {
        return !extensions.isEmpty();
    }

    /** Returns the image tower, whose results are features before normalisation. */
    public ImageTower imageTower() {
        return imageTower;
    }

    /** Returns empty sites of the image tower, for a method to attach to; what the model was extended with is not in them. */
    public TowerSites newImageSites() {
        return imageTower.emptySites();
    }

    /** Returns empty sites of the text tower, for a method to attach to; what the model was extended with is not in them. */
    public TowerSites newTextSites() {
        return textTower.emptySites();
    }

    /** Encodes pixels {@code [batch, 3, size, size]} to features before normalisation, {@code [batch, embedDim]}. */
    public Tensor encodeImages(Tensor pixels) {
        return encodeImages(pixels, ownImageSites);
    }

    /** Encodes pixels with what a method has attached to the image tower. */
    public Tensor encodeImages(Tensor pixels, TowerSites sites) {
        return TensorScope.compute(() -> imageTower.forward(pixels, sites).to(torch.ScalarType.Float));
    }

    /** Encodes texts to features before normalisation, {@code [batch, embedDim]}. */
    public Tensor encodeTexts(TokenBatch texts) {
        return encodeTexts(texts, ownTextSites);
    }

    /** Encodes texts with what a method has attached to the text tower. */
    public Tensor encodeTexts(TokenBatch texts, TowerSites sites) {
        return TensorScope.compute(() -> textTower.forward(texts, sites).to(torch.ScalarType.Float));
    }

    /** Returns the token ids of these texts, cut after the longest. */
    public TokenBatch tokens(List<String> texts) {
        return TokenBatch.of(tokenizer.encodeAll(texts), tokenizer.endId());
    }

    /** Returns the prepared pixels of image files, {@code [batch, 3, size, size]}. */
    public Tensor pixels(List<Path> images) {
        int size = preprocessing.imageSize();
        int elements = 3 * size * size;
        float[] pixels = new float[images.size() * elements];
        for (int i = 0; i < images.size(); i++) {
            preprocessing.apply(ImageDecoder.STANDARD.decode(images.get(i)), pixels, i * elements);
        }
        return Tensors.of(pixels, images.size(), 3, size, size);
    }

    /** Returns the normalised embedding of the image in a file, {@code embedDim} numbers. */
    public float[] embedImage(Path image) {
        return embedImages(List.of(image))[0];
    }

    /** Returns the normalised embeddings of the images in these files, one row each. */
    public float[][] embedImages(List<Path> images) {
        try (var _ = new TensorScope()) {
            return Tensors.toRows(
                    TensorScope.computeWithoutGradient(() -> Tensors.normalized(encodeImages(pixels(images)))));
        }
    }

    /** Returns the normalised embedding of a text, {@code embedDim} numbers. */
    public float[] embedText(String text) {
        return embedTexts(List.of(text))[0];
    }

    /** Returns the normalised embeddings of these texts, one row each. */
    public float[][] embedTexts(List<String> texts) {
        try (var _ = new TensorScope()) {
            return Tensors.toRows(embeddedTexts(texts));
        }
    }

    /** Returns a classifier over these class names with the prompt {@code a photo of a {}.}. */
    public ZeroShotClassifier classifier(List<String> classNames) {
        return classifier(classNames, PromptTemplates.of("a photo of a {}."));
    }

    /** Returns a classifier over these class names, each described by all templates together. */
    public ZeroShotClassifier classifier(List<String> classNames, PromptTemplates templates) {
        return new ZeroShotClassifier(this, classNames, templates);
    }

    private static Preprocessing preprocessing(Path file, int imageSize) {
        try {
            String json = BoundedFile.text(file, MAX_PREPARATION_BYTES);
            return file.endsWith("open_clip_config.json")
                    ? PreprocessingConfigs.fromOpenClip(json, imageSize)
                    : PreprocessingConfigs.fromHuggingFace(json);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    Tensor embeddedTexts(List<String> texts) {
        return TensorScope.computeWithoutGradient(() -> Tensors.normalized(encodeTexts(tokens(texts))));
    }

    @Override
    public void close() {
        parameters.close();
    }
}
