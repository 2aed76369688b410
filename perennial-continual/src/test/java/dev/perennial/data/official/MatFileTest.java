package dev.perennial.data.official;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatFileTest {
    @TempDir
    Path folder;

    @Test
    void valuesOfEveryKindAreRead() {
        Map<String, MatValue> values = MatFile.read(file("kinds.mat"));
        assertThat(values).containsOnlyKeys("float", "single", "neg", "mixed", "long", "text");
        assertThat(numbers(values.get("float"))).containsExactly(1.5, -2.25);
        assertThat(numbers(values.get("single"))).containsExactly(0.5);
        assertThat(numbers(values.get("neg"))).containsExactly(-3.0, 70_000.0);
        assertThat(numbers(values.get("long"))).containsExactly((double) (1L << 40));
        assertThat(values.get("text")).isEqualTo(new MatValue.Text("plain"));
        assertThat(values.get("mixed"))
                .isInstanceOfSatisfying(
                        MatValue.Cells.class,
                        cells -> assertThat(cells.items().get(1)).isEqualTo(new MatValue.Text("ü")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinds.mat", "cars_train_annos.mat", "cars_test_annos_withlabels.mat"})
    void aDamagedFileIsRefusedByNameAndNothingElse(String name) throws IOException {
        Path whole = file(name);
        byte[] bytes = Files.readAllBytes(whole);
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = i % 2 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
            for (int hit = 0; i % 2 == 1 && hit < 4; hit++) {
                damaged[128 + random.nextInt(damaged.length - 128)] = (byte) random.nextInt();
            }
            Path broken = Files.write(folder.resolve("broken.mat"), damaged);
            Throwable thrown = catchThrowable(() -> MatFile.read(broken));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("broken.mat");
            }
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("labels.mat"), "no MATLAB file");
        assertThatThrownBy(() -> MatFile.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels.mat");
        Path meta = file("cars_meta.mat");
        assertThatThrownBy(() -> MatVariables.of(meta).integers("class_names"))
                .hasMessageContaining("class_names")
                .hasMessageContaining("numbers");
        assertThat(MatVariables.of(meta).texts("class_names")).hasSize(3).contains("Acura RL Sedan 2012");
    }

    private Path file(String name) {
        new OfficialFolders(folder).mat(name);
        return folder.resolve(name);
    }

    private static List<Double> numbers(@Nullable MatValue value) {
        return value instanceof MatValue.Numbers(double[] numbers)
                ? Arrays.stream(numbers).boxed().toList()
                : List.of();
    }
}
