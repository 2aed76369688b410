package dev.perennial.method.cllclip;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TokenBatch;
import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.AutoGradMode;

/**
 * What the pretrained model says of images and English captions. Neither changes, so each image, known by its bytes, and each text is
 * encoded once in the life of a method, however many languages describe it.
 */
final class TeacherFeatures {
    private static final int CHUNK = 256;

    private final Clip student;
    private final MethodContext context;
    private final Map<String, float[]> images = new HashMap<>();
    private final Map<String, float[]> texts = new HashMap<>();

    /** Creates the features; the student's image tower is the pretrained one, as it never changes. */
    TeacherFeatures(Clip student, MethodContext context) {
        this.student = student;
        this.context = context;
    }

    /** Returns for each position of a data set the features of its image, of length one; none where it cannot be used. */
    List<Optional<float[]>> ofImages(Dataset dataset) {
        List<String> keys = new ArrayList<>();
        Map<String, Integer> missing = new HashMap<>();
        for (int position = 0; position < dataset.size(); position++) {
            String key = contentKey(dataset, position);
            keys.add(key);
            if (!images.containsKey(key)) {
                missing.putIfAbsent(key, position);
            }
        }
        if (!missing.isEmpty()) {
            int[] positions = missing.values().stream()
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            try (var _ = new TensorScope()) {
                var computed = FrozenFeatures.ofImages(student, dataset.select(positions), context);
                float[][] rows = Tensors.toRows(computed);
                computed.close();
                for (int i = 0; i < rows.length; i++) {
                    images.put(keys.get(positions[i]), rows[i]);
                }
            }
        }
        return keys.stream().map(images::get).map(TeacherFeatures::usable).toList();
    }

    /** The row of an image that could not be read stays zero. */
    private static Optional<float[]> usable(float[] row) {
        for (float value : row) {
            if (value != 0) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private static String contentKey(Dataset dataset, int position) {
        try {
            return HexFormat.of()
                    .formatHex(sha256().digest(dataset.sample(position).image().read()));
        } catch (BadSampleException e) {
            // Whoever loads it lists it.
            return dataset.info().title() + "#" + position;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Encodes those of the texts that were not encoded before. */
    void learn(Collection<String> english) {
        List<String> missing = english.stream()
                .distinct()
                .filter(text -> !texts.containsKey(text))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try (Clip teacher = context.pretrained().get();
                var _ = new AutoGradMode(false);
                var _ = context.precision().begin()) {
            for (int from = 0; from < missing.size(); from += CHUNK) {
                List<String> chunk = missing.subList(from, Math.min(from + CHUNK, missing.size()));
                try (var _ = new TensorScope()) {
                    TokenBatch tokens = teacher.tokens(chunk);
                    float[][] rows = Tensors.toRows(teacher.encodeTexts(tokens));
                    for (int i = 0; i < rows.length; i++) {
                        texts.put(chunk.get(i), rows[i]);
                    }
                }
            }
        }
    }

    /** Returns the feature of an English text that was learned, not normalised. */
    float[] ofText(String english) {
        float[] row = texts.get(english);
        if (row == null) {
            throw new IllegalStateException("\"" + english + "\" was not encoded");
        }
        return row;
    }
}
