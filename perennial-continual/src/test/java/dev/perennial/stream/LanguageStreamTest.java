package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.data.DatasetSpec;
import dev.perennial.data.OneOrMore;
import dev.perennial.data.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageStreamTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeCaptions() throws IOException {
        for (int i = 0; i < 4; i++) {
            Files.write(folder.resolve(i + ".png"), Pictures.png("red", i));
        }
        Files.writeString(folder.resolve("captions.tsv"), """
                image\tcaption\tlanguage\tsplit
                0.png\ta red bird\ten\ttrain
                0.png\tun oiseau rouge\tfr\ttrain
                1.png\ta car\ten\ttrain
                1.png\t \tfr\ttrain
                2.png\tpuu\tfi\ttrain
                3.png\ta tree\ten\ttest
                3.png\tun arbre\tfr\ttest
                3.png\tkissa\tfi\ttest
                """);
    }

    private ExperienceStream open(List<String> codes, String... order) {
        var spec = new StreamSpec(
                "languages",
                List.of(),
                Optional.empty(),
                Optional.of(new LanguageSpec(
                        DatasetSpec.of("captions.tsv"), codes, OptionalInt.empty(), OptionalInt.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                order.length == 0 ? Optional.empty() : Optional.of(new OneOrMore(List.of(order))),
                Map.of(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                Optional.empty());
        return new Streams(folder, folder.resolve("cache")).open(spec);
    }

    @Test
    void languagesComeInAnyOrderEachWithTheImagesThatItDescribes() {
        try (ExperienceStream stream = open(List.of("en", "fr", "fi"), "fi", "en", "fr")) {
            assertThat(stream.experiences()).extracting(Experience::name).containsExactly("fi", "en", "fr");
            assertThat(stream.experiences())
                    .extracting(experience -> experience.train().size())
                    .containsExactly(1, 2, 1);
            assertThat(stream.evaluationSets())
                    .extracting(EvaluationSet::learnedIn)
                    .containsExactly(OptionalInt.of(0), OptionalInt.of(1), OptionalInt.of(2));
            assertThat(stream.evaluationSets())
                    .extracting(EvaluationSet::test)
                    .containsOnly(stream.evaluationSets().getFirst().test());
        }
    }

    @Test
    void withoutCodesAllLanguagesOfTheDataComeInItsOwnOrder() {
        try (ExperienceStream stream = open(List.of())) {
            assertThat(stream.experiences())
                    .extracting(Experience::name)
                    .containsExactlyElementsOf(
                            stream.experiences().getFirst().train().languages())
                    .containsExactlyInAnyOrder("en", "fr", "fi");
        }
    }

    @Test
    void aLanguageThatNoTrainingImageHasIsRefusedByName() {
        assertThatThrownBy(() -> open(List.of("en", "xx"))).hasMessageContainingAll("xx", "en");
        assertThatThrownBy(() -> open(List.of("en", "fr"), "en", "de")).hasMessageContaining("de");
        assertThatThrownBy(() -> open(List.of("en", "en"))).hasMessageContaining("twice");
    }
}
