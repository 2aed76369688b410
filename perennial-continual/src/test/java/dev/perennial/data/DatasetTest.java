package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.RandomStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static List<String> keys(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .mapToObj(i -> dataset.sample(i).key())
                .toList();
    }

    /** Returns a data set whose sample 1 cannot even be described. */
    private static Dataset withUnreadable(FakeDataset base) {
        return base.relabel("third", List.of("0", "2"));
    }

    @Test
    void selectionKeepsTheGivenOrderAndCountsAnew() {
        Dataset view = FakeDataset.of(5).select(new int[] {4, 0, 4});

        assertThat(keys(view)).containsExactly("k4", "k0", "k4");
        assertThat(view.sample(2).position()).isEqualTo(2);
        assertThat(view.labels()).containsExactly(0, 0, 0);
        assertThat(view.limit(2).size()).isEqualTo(2);
        assertThat(view.limit(9).size()).isEqualTo(3);
        assertThatThrownBy(() -> FakeDataset.of(5).select(new int[] {5})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void filterKeepsWhatPassesAndNeverHidesABadSample() {
        assertThat(keys(FakeDataset.of(6)
                        .filter(sample -> sample.values("third").contains("2"))))
                .containsExactly("k2", "k5");
        assertThat(keys(FakeDataset.of(6)
                        .filter(sample -> sample.values("class").contains("odd"))))
                .containsExactly("k1", "k3", "k5");
        assertThat(withUnreadable(FakeDataset.of(3)).filter(sample -> false).size())
                .isEqualTo(1);
    }

    @Test
    void relabelMakesAnAttributeTheClass() {
        Dataset view = FakeDataset.of(5).relabel("third", List.of("2", "1", "0"));

        assertThat(view.classNames()).containsExactly("2", "1", "0");
        assertThat(view.labels()).containsExactly(2, 1, 0, 2, 1);
        assertThat(view.sample(2).className()).contains("2");
        assertThat(FakeDataset.of(5).values("third")).containsExactly("0", "1", "2");
    }

    @Test
    void relabelFindsSamplesWithoutOneKnownValueBad() {
        assertThatThrownBy(() -> withUnreadable(FakeDataset.of(3)).sample(1))
                .isInstanceOf(BadSampleException.class)
                .hasMessage("fake/train k1: \"1\" is none of the classes of \"third\"");
        assertThatThrownBy(() ->
                        FakeDataset.of(3).relabel("list", List.of("x", "y")).sample(0))
                .hasMessageContaining("has 2 values; a class needs one");
        assertThatThrownBy(() -> FakeDataset.of(3).relabel("year", List.of("x")).sample(0))
                .hasMessageContaining("has 0 values");
        assertThat(withUnreadable(FakeDataset.of(3)).labels()).containsExactly(0, Dataset.NO_LABEL, 1);
    }

    @Test
    void fewShotDrawsTheSameFewOfEveryClassForASeed() {
        Dataset all = FakeDataset.of(40);

        Dataset few = all.fewShot(3, new RandomStream(1));

        assertThat(few.labels()).hasSize(6).containsOnly(0, 1);
        assertThat(IntStream.of(few.labels()).sum()).isEqualTo(3);
        assertThat(keys(few))
                .isEqualTo(keys(all.fewShot(3, new RandomStream(1))))
                .doesNotHaveDuplicates();
        assertThat(keys(few)).isNotEqualTo(keys(all.fewShot(3, new RandomStream(2))));
        assertThat(FakeDataset.of(3).fewShot(5, new RandomStream(1)).size()).isEqualTo(3);
        assertThatThrownBy(() -> FakeDataset.of(4).named("bare").fewShot(1, new RandomStream(1)))
                .hasMessageContaining("labelled");
    }

    @Test
    void concatenationUnitesClassesByName() {
        Dataset both = Dataset.concat(List.of(
                FakeDataset.of(2),
                FakeDataset.of(0).named("none", "even", "odd"),
                FakeDataset.of(3).named("b", "odd", "new")));

        assertThat(both.size()).isEqualTo(5);
        assertThat(both.classNames()).containsExactly("even", "odd", "new");
        assertThat(both.labels()).containsExactly(0, 1, 1, 2, 1);
        assertThat(keys(both))
                .containsExactly("fake/train/k0", "fake/train/k1", "b/train/k0", "b/train/k1", "b/train/k2");
        assertThat(both.sample(3).position()).isEqualTo(3);
        assertThat(both.info().title()).isEqualTo("fake+none+b/train");
        assertThatThrownBy(() -> both.sample(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void concatenationWithAnUnlabelledPartIsUnlabelled() {
        Dataset both =
                Dataset.concat(List.of(FakeDataset.of(1), FakeDataset.of(1).named("bare")));

        assertThat(both.classNames()).isEmpty();
        assertThat(both.sample(0).label()).isEqualTo(OptionalInt.empty());
        assertThat(both.sample(0).values("class")).containsExactly("even");
    }

    @Test
    void describingRenamesClassesButNotLabels() {
        var data = FakeDataset.of(2);
        Dataset renamed = data.describedBy(data.info().withClassNames(List.of("gerade", "ungerade")));

        assertThat(renamed.sample(1).className()).contains("ungerade");
        assertThat(renamed.labels()).containsExactly(0, 1);
        assertThatThrownBy(() -> data.describedBy(data.info().withClassNames(List.of("one"))))
                .hasMessageContaining("has 2 classes but 1 class names were given");
        assertThatThrownBy(() -> data.info().withClassNames(List.of("a", "a")))
                .hasMessageContaining("stands for two labels");
    }

    @Test
    void hashTellsViewsApart() {
        Dataset all = FakeDataset.of(4);
        assertThat(List.of(
                        all.hash(),
                        all.limit(2).hash(),
                        all.select(new int[] {1, 0}).hash(),
                        all.relabel("third", List.of("0", "1")).hash(),
                        all.relabel("third", List.of("1", "0")).hash(),
                        Dataset.concat(List.of(all, all)).hash()))
                .doesNotHaveDuplicates();
        assertThat(all.limit(2).hash())
                .isEqualTo(FakeDataset.of(4).select(new int[] {0, 1}).hash());
    }
}
