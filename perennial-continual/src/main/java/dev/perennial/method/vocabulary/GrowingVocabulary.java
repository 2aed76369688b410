package dev.perennial.method.vocabulary;

import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.text.BpeTrainer;
import dev.perennial.clip.text.LearnedLanguages;
import dev.perennial.clip.text.Merge;
import dev.perennial.clip.text.TextCleaning;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.text.Vocabulary;
import dev.perennial.clip.text.WordRule;
import dev.perennial.data.BadSampleException;
import dev.perennial.data.Sample;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.vocabulary.VocabularyOptions.Segmentation;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.node.ArrayNode;

/**
 * Gives a model tokens for language after language: merges are trained on the captions of each and come after all earlier ones, ids never
 * change, and rows that were there stay bit for bit (CLL-CLIP, arXiv 2401.17186).
 */
public final class GrowingVocabulary {
    private final Clip clip;
    private final VocabularyOptions options;
    private final Tokenizer base;

    /** Begins with the model's own vocabulary. */
    public GrowingVocabulary(Clip clip, VocabularyOptions options) {
        this.clip = clip;
        this.options = options;
        this.base = clip.tokenizer();
    }

    /** Adds the tokens of the languages of an experience's captions, if it has captions; blank ones say nothing. */
    public void growFor(Experience experience) {
        if (!(experience.supervision() instanceof Supervision.Captions(List<String> languages))) {
            return;
        }
        SequencedMap<String, List<String>> captions = new LinkedHashMap<>();
        for (int position = 0; position < experience.train().size(); position++) {
            try {
                Sample sample = experience.train().sample(position);
                for (String language : languages) {
                    captions.computeIfAbsent(language, _ -> new ArrayList<>())
                            .addAll(sample.captions(language).stream()
                                    .filter(text -> !text.isBlank())
                                    .toList());
                }
            } catch (BadSampleException e) {
                // Whoever loads its image lists it.
            }
        }
        grow(captions);
    }

    /**
     * Adds the tokens of languages; one that was added before gets no more. The rows are drawn from the engine's generator.
     *
     * @param captions by language code
     * @return the number of new tokens
     */
    public int grow(SequencedMap<String, List<String>> captions) {
        Tokenizer grown = reading(clip.tokenizer());
        for (var language : captions.entrySet()) {
            if (!grown.languages().merges().containsKey(language.getKey())) {
                var trainer =
                        new BpeTrainer(options.tokens(), options.minimumCount(), grown.cleaning(), options.words());
                List<Merge> merges = trainer.train(language.getValue()).merges();
                grown = grown.extendedBy(language.getKey(), merges, options.segmentation() == Segmentation.KEPT);
            }
        }
        Vocabulary before = clip.tokenizer().vocabulary();
        Vocabulary after = grown.vocabulary();
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            Tensor embedding = clip.parameters().get(Clip.TOKEN_EMBEDDING);
            requireWhole(embedding, before);
            Tensor noise = NewRows.noise(after.size() - before.size(), embedding.size(1));
            clip.replaceVocabulary(grown, options.rows().grown(embedding, before, after, noise));
        }
        return after.size() - before.size();
    }

    /** A model may embed more tokens than its tokenizer knows; new ones would then get rows that mean something else. */
    private static void requireWhole(Tensor embedding, Vocabulary vocabulary) {
        if (embedding.size(0) != vocabulary.size()) {
            throw new IllegalArgumentException(
                    "the model embeds " + embedding.size(0) + " tokens but its tokenizer knows " + vocabulary.size()
                            + "; cut the token embedding to those before it grows");
        }
    }

    private Tokenizer reading(Tokenizer tokenizer) {
        Tokenizer reading = tokenizer.withWords(options.words());
        return options.words() == WordRule.LETTERS_AND_MARKS && reading.cleaning() == TextCleaning.PLAIN
                ? reading.withCleaning(TextCleaning.COMPOSED)
                : reading;
    }

    /** Adds what {@link #restore} needs; the embedding is not part of it. */
    public void save(StateWriter state) {
        Tokenizer now = clip.tokenizer();
        if (now.languages().merges().isEmpty()) {
            return;
        }
        now.languages().merges().forEach(state.record().putObject("languages")::put);
        ArrayNode added = state.record().putArray("merges");
        now.vocabulary().merges().stream()
                .skip(base.vocabulary().merges().size())
                .forEach(merge -> added.addArray().add(merge.left()).add(merge.right()));
    }

    /** Puts a saved vocabulary back; the rows of its new tokens are zero until the saved embedding is put back too. */
    public void restore(StateReader state) {
        if (!state.record().has("merges") && clip.tokenizer() == base) {
            return;
        }
        List<Merge> added = new ArrayList<>();
        state.record()
                .path("merges")
                .forEach(merge -> added.add(new Merge(
                        merge.required(0).asString(), merge.required(1).asString())));
        SequencedMap<String, Integer> languages = new LinkedHashMap<>();
        state.record().path("languages").forEachEntry((language, merges) -> languages.put(language, merges.asInt()));
        boolean kept = options.segmentation() == Segmentation.KEPT;
        Tokenizer restored = languages.isEmpty()
                ? base
                : reading(base).extendedTo(base.vocabulary().extendedBy(added), new LearnedLanguages(languages, kept));
        try (var _ = new TensorScope();
                var _ = new AutoGradMode(false)) {
            long width = clip.parameters().get(Clip.TOKEN_EMBEDDING).size(1);
            clip.replaceVocabulary(restored, torch.zeros(new long[] {restored.vocabularySize(), width}));
        }
    }
}
