package dev.perennial.clip;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.tower.Initialization;
import java.util.List;

/** A CLIP of some ten thousand random weights whose tokens are single bytes, for the tests of every module. */
public final class TinyClip {
    /** The side of its images, in pixels. */
    public static final int IMAGE_SIZE = 16;

    private static final Tokenizer TOKENIZER = new Tokenizer(Vocabulary.ofMerges(List.of()));

    private TinyClip() {}

    /** Returns its architecture. */
    public static ClipConfig config() {
        return new ClipConfig(
                8,
                new VitConfig(IMAGE_SIZE, 8, TransformerConfig.of(16, 2, 2, Activation.QUICK_GELU)),
                new TextConfig(
                        40,
                        TOKENIZER.vocabularySize(),
                        TOKENIZER.endId(),
                        TransformerConfig.of(16, 2, 2, Activation.QUICK_GELU)));
    }

    /** Returns a model with weights drawn from a seed, for the caller to close. */
    public static Clip create(long seed) {
        return new Clip(
                config(),
                Initialization.draw(config(), new RandomStream(seed)),
                TOKENIZER,
                Preprocessing.openai(IMAGE_SIZE));
    }
}
