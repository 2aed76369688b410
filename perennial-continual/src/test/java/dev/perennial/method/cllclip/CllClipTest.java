package dev.perennial.method.cllclip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.Clip;
import dev.perennial.clip.TinyClip;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.WordRule;
import dev.perennial.data.BadSamples;
import dev.perennial.data.CaptionedPictures;
import dev.perennial.data.Dataset;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Method;
import dev.perennial.method.MethodTable;
import dev.perennial.method.TinyContext;
import dev.perennial.method.vocabulary.NewRows;
import dev.perennial.method.vocabulary.VocabularyOptions;
import dev.perennial.method.vocabulary.VocabularyOptions.Segmentation;
import dev.perennial.run.TinyTraining;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import dev.perennial.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CllClipTest {
    private static final TeirOptions TEIR =
            new TeirOptions(true, true, TeirOptions.Scaled.GRADIENT, Counting.LANGUAGES);
    private static final TeirOptions PLAIN =
            new TeirOptions(false, false, TeirOptions.Scaled.GRADIENT, Counting.LANGUAGES);

    private static final Dataset PICTURES = CaptionedPictures.of(
            Map.of(
                    "en",
                    List.of("a red bird", "the blue car"),
                    "ja",
                    List.of("\u8d64\u3044\u9ce5", "\u9752\u3044\u8eca")),
            Map.of("en", List.of("one cat"), "am", List.of("\u12f5\u1218\u1275")),
            Map.of("en", List.of(" ", ""), "ja", List.of("\u732b", " ")),
            Map.of("en", List.of("a tree")));

    private static CllClipProvider.Options options(Segmentation segmentation, TeirOptions teir) {
        return new CllClipProvider.Options(
                "en",
                new VocabularyOptions(600, 1, WordRule.LETTERS_AND_MARKS, segmentation, NewRows.DISTRIBUTION),
                teir,
                1,
                0.01,
                0.07,
                false);
    }

    private static Experience language(int index, String code) {
        return new Experience(index, code, PICTURES, new Supervision.Captions(List.of(code)));
    }

    private static void learn(Method method, Clip clip, Experience experience) {
        var config = TinyTraining.of(
                "{learning-rate: 0.01, steps: 4, batch-size: 2, weight-decay: 0.05, epsilon: 1.0e-6, clip-norm: 1.0}");
        new Trainer(config, clip.preprocessing(), new RandomStreams(3), new BadSamples(), _ -> {})
                .learn(method, experience);
    }

    private static float[] english(Method method) {
        try (var _ = new TensorScope()) {
            AdaptedClip adapted = method.adapted();
            return Tensors.toFloats(adapted.in("en").embedTexts(List.of("a red bird", "one cat", "a tree in the car")));
        }
    }

    @Test
    void englishIsEmbeddedBitForBitAsBeforeWhereNoneOfItsRowsMoved() {
        Clip clip = TinyClip.create(4);
        try (Method method = new CllClip(clip, options(Segmentation.KEPT, TEIR), TinyContext.of(4, 1))) {
            learn(method, clip, language(0, "en"));
            float[] before = english(method);
            learn(method, clip, language(1, "ja"));
            assertThat(english(method)).isEqualTo(before);
            MethodTable table = method.tables().getFirst();
            assertThat(table.rows()).hasSize(1);
            assertThat(table.rows().getFirst()).startsWith("ja", "en").endsWith("0", "");
        }
    }

    @Test
    void withoutTeirWeightDecayMovesEveryRow() {
        Clip clip = TinyClip.create(4);
        try (Method method = new CllClip(clip, options(Segmentation.KEPT, PLAIN), TinyContext.of(4, 1))) {
            learn(method, clip, language(0, "en"));
            float[] before = english(method);
            learn(method, clip, language(1, "ja"));
            assertThat(english(method)).isNotEqualTo(before);
            List<String> row = method.tables().getFirst().rows().getFirst();
            assertThat(row.get(2)).isEqualTo(row.get(3));
        }
    }

    @Test
    void onlyTokenEmbeddingsChangeAndTheyGrowByTheNewTokens() {
        Clip clip = TinyClip.create(4);
        Map<String, float[]> before = new TreeMap<>();
        clip.parameters().asMap().forEach((name, tensor) -> before.put(name, Tensors.toFloats(tensor)));
        int vocabulary = clip.config().text().vocabularySize();
        try (Method method = new CllClip(clip, options(Segmentation.NEWEST, TEIR), TinyContext.of(4, 1))) {
            learn(method, clip, language(0, "ja"));
            int grown = clip.config().text().vocabularySize();
            assertThat(grown)
                    .isGreaterThan(vocabulary)
                    .isEqualTo(clip.tokenizer().vocabularySize());
            assertThat(clip.parameters().get(Clip.TOKEN_EMBEDDING).size(0)).isEqualTo(grown);
            clip.parameters().asMap().forEach((name, tensor) -> {
                if (!name.equals(Clip.TOKEN_EMBEDDING)) {
                    assertThat(Tensors.toFloats(tensor)).as(name).isEqualTo(before.get(name));
                }
            });
        }
    }

    @Test
    void aScriptNeverSeenIsReadByBytesAndEmbeddedWithFiniteNumbers() {
        Clip clip = TinyClip.create(4);
        try (Method method = new CllClip(clip, options(Segmentation.NEWEST, TEIR), TinyContext.of(4, 1));
                var _ = new TensorScope()) {
            learn(method, clip, language(0, "ja"));
            for (float value :
                    Tensors.toFloats(method.adapted().embedTexts(List.of("\u12f5\u1218\u1275", "", "\ud800")))) {
                assertThat(value).isFinite();
            }
            learn(method, clip, language(1, "am"));
            assertThat(method.adapted().languages()).containsExactly("ja", "am");
        }
    }

    @Test
    void blankCaptionsAndImagesWithoutOneAreLeftOutAndWithoutEnglishOnlyTheImageTeaches() {
        List<Caption> captions = Caption.of(language(0, "ja"), "en");
        assertThat(captions)
                .extracting(Caption::text)
                .containsExactly("\u8d64\u3044\u9ce5", "\u9752\u3044\u8eca", "\u732b");
        assertThat(captions).extracting(caption -> caption.english().size()).containsExactly(1, 1, 0);
    }

    @Test
    void aLanguageWithoutACaptionIsRefused() {
        Clip clip = TinyClip.create(4);
        try (Method method = new CllClip(clip, options(Segmentation.NEWEST, TEIR), TinyContext.of(4, 1))) {
            assertThatThrownBy(() -> learn(method, clip, language(0, "xx"))).hasMessageContaining("no caption");
        }
    }
}
