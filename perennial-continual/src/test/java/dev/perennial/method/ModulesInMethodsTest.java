package dev.perennial.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.stream.Experience;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method that trains the model can train small modules in its place. */
class ModulesInMethodsTest {
    private static final String[] MODULES = {
        "options.train=[modules]",
        "options.modules={lora: {rank: 2}, adapter: {bottleneck: 2, dropout: 0.1}, prompts: {count: 1, depth: 2}}"
    };

    static Stream<Named<MethodProvider<?>>> methods() {
        return Methods.all().stream()
                .filter(provider -> Arrays.stream(provider.optionsType().getRecordComponents())
                        .anyMatch(option -> option.getName().equals("modules")))
                .map(provider -> Named.of(provider.name(), provider));
    }

    private static String[] settings(MethodProvider<?> provider) {
        return provider.name().equals("wise-ft")
                ? Stream.concat(Stream.of(MODULES), Stream.of("options.towards=start"))
                        .toArray(String[]::new)
                : MODULES;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void modulesAloneAreTrainedAndSaved(MethodProvider<?> provider) {
        try (MethodSession session = MethodSession.of(provider, 1, settings(provider))) {
            Map<String, float[]> before = session.weights();
            session.learn(0, 6, "red", "green");
            session.learn(1, 5, "blue", "white", "yellow");
            Map<String, float[]> after = session.weights();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            after.forEach((name, values) -> {
                if (!name.startsWith("modules.")) {
                    assertThat(values).as(name).isEqualTo(before.get(name));
                }
            });
            assertThat(after)
                    .as("something is learned")
                    .anySatisfy((name, values) -> assertThat(values).isNotEqualTo(before.get(name)));
            assertThat(session.method.save().tensors().keySet())
                    .filteredOn(name -> session.weights().containsKey(name))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("modules."));
            assertThat(session.method.adapted().exportable()).as("a plain CLIP").isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void stoppingInTheMiddleChangesNothing(MethodProvider<?> provider) {
        List<Experience> stream = List.of(
                MethodSession.experience(0, 6, "red", "green"),
                MethodSession.experience(1, 7, "blue", "white", "yellow"));
        try (MethodSession calm = MethodSession.of(provider, 12, settings(provider));
                MethodSession resumed = MethodSession.of(provider, 12, settings(provider))) {
            calm.learn(stream.getFirst());
            List<MethodSession.Pause> pauses = calm.learnInPauses(stream.getLast());
            resumed.goOn(pauses.getFirst(), stream.getLast());
            assertThat(resumed.logits()).usingElementComparator(Arrays::compare).isEqualTo(calm.logits());
        }
    }

    @Test
    void modulesOfTheTextTowerAloneKeepAnIndexOfImagesValid() {
        MethodProvider<?> sit = Methods.find("sit").orElseThrow();
        try (MethodSession both = MethodSession.of(sit, 1);
                MethodSession text = MethodSession.of(sit, 1, "options.modules={lora: {rank: 2, towers: [text]}}")) {
            assertThat(both.method.leavesPretrainedWeights()).isTrue();
            assertThat(both.method.keepsUnseenImages()).isFalse();
            assertThat(text.method.keepsUnseenImages()).isTrue();
        }
    }

    @Test
    void nullTakesAModuleOfThePresetAway() {
        MethodProvider<?> sit = Methods.find("sit").orElseThrow();
        try (MethodSession session =
                MethodSession.of(sit, 1, "options.modules={lora: null, adapter: {bottleneck: 2, shared: true}}")) {
            session.learn(0, 6, "red", "green");
            assertThat(session.method.save().tensors().keySet())
                    .isNotEmpty()
                    .allMatch(name -> name.contains(".adapter.both."));
        }
    }

    @Test
    void modulesThatAreNotTrainedAndTrainedOnesThatAreNotThereAreRefused() {
        MethodProvider<?> finetune = Methods.find("finetune").orElseThrow();
        assertThatThrownBy(() -> MethodSession.of(finetune, 1, "options.train=[modules]"))
                .hasMessageContaining("options.modules");
        assertThatThrownBy(() -> MethodSession.of(finetune, 1, "options.modules={lora: {rank: 2}}"))
                .hasMessageContaining("[modules]");
    }
}
