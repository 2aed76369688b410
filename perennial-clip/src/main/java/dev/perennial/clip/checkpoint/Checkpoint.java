package dev.perennial.clip.checkpoint;

import dev.perennial.clip.config.ClipConfig;
import java.io.Closeable;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An open CLIP model: its architecture and its weights under canonical names, checked against each other.
 *
 * @param format the kind of file or folder
 * @param config the architecture
 * @param tensors the weights in OpenAI's names and in their stored types, valid until {@link #close()}; no logit bias among them
 * @param logitBias the bias that SigLIP-trained models add to the logits
 * @param tokenizerFolder the folder, where it also holds a tokenizer ({@code tokenizer.json}, or {@code vocab.json} with {@code
 *     merges.txt})
 * @param preprocessing the file that says how images are prepared: {@code preprocessor_config.json} or {@code
 *     open_clip_config.json}
 * @param weightFiles the open files the weights come from, in order
 */
public record Checkpoint(
        CheckpointFormat format,
        ClipConfig config,
        Map<String, StoredTensor> tensors,
        OptionalDouble logitBias,
        Optional<Path> tokenizerFolder,
        Optional<Path> preprocessing,
        List<TensorFile> weightFiles)
        implements Closeable {
    /** Keeps the order of the tensors. */
    public Checkpoint {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        weightFiles = List.copyOf(weightFiles);
    }

    /** Returns the SHA-256 of the weight file in lower-case hex, or of all shards one after the other; reads them wholly. */
    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            weightFiles.forEach(file -> file.digestInto(digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns how many tensors are stored in each element type. */
    public Map<StoredType, Integer> typeCounts() {
        Map<StoredType, Integer> counts = new EnumMap<>(StoredType.class);
        tensors.values().forEach(tensor -> counts.merge(tensor.type(), 1, Integer::sum));
        return counts;
    }

    /** Unmaps the files; the tensors end with them. */
    @Override
    public void close() {
        weightFiles.forEach(TensorFile::close);
    }
}
