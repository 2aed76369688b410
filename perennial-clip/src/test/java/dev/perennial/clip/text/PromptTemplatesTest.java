package dev.perennial.clip.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromptTemplatesTest {
    @Test
    void putsTheClassNameInBothKindsOfPlaces() {
        assertThat(PromptTemplates.of("a photo of a {}.", "{c}, a {}").fill("dog"))
                .containsExactly("a photo of a dog.", "dog, a dog");
    }

    @Test
    void keepsTheFirstAlone() {
        assertThat(PromptTemplates.named("openai-7").first()).isEqualTo(PromptTemplates.of("itap of a {}."));
    }

    @Test
    void hasThePublishedSets() {
        assertThat(PromptTemplates.named("simple").templates()).containsExactly("a photo of a {}.");
        assertThat(PromptTemplates.named("openai-imagenet-80").templates())
                .hasSize(80)
                .doesNotHaveDuplicates()
                .containsAll(PromptTemplates.named("openai-7").templates());
        assertThat(PromptTemplates.named("openai-7").templates()).hasSize(7);
        assertThat(PromptTemplates.named("flowers").fill("rose"))
                .containsExactly("a photo of a rose, a type of flower.");
        assertThat(PromptTemplates.names())
                .contains("simple", "openai-7", "openai-imagenet-80", "food101")
                .allSatisfy(name ->
                        assertThat(PromptTemplates.named(name).fill("x")).isNotEmpty());
    }

    @Test
    void refusesTemplatesWithoutAPlaceAndNone() {
        assertThatThrownBy(() -> PromptTemplates.of("a photo of a dog."))
                .hasMessageContainingAll("a photo of a dog.", "{}");
        assertThatThrownBy(() -> new PromptTemplates(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> PromptTemplates.named("imagenet")).hasMessageContainingAll("imagenet", "simple");
    }
}
