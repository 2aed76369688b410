package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.tensor.MersenneTwister;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsTest {
    private static final String[] COLOURS = {"red", "green", "blue", "yellow", "white", "grey"};

    @TempDir
    Path folder;

    @BeforeEach
    void drawPictures() {
        Pictures.write(folder.resolve("colours"), 4, 2, COLOURS);
        Pictures.write(folder.resolve("warm"), 4, 2, "red", "yellow");
        Pictures.write(folder.resolve("cold"), 4, 2, "blue", "green");
    }

    @Test
    void classesComeInGroupsAndEachGroupCountsItsLabelsFromZero() throws IOException {
        try (ExperienceStream stream = open("""
                name: groups
                class-increment: {data: {path: colours}, base: 2, increment: 1}
                control:
                  - {name: warm, data: {path: warm}}
                """)) {
            assertThat(stream.experiences())
                    .extracting(Experience::name)
                    .containsExactly("classes 1-2", "classes 3-3", "classes 4-4", "classes 5-5", "classes 6-6");
            assertThat(stream.evaluationSets()).hasSize(6);
            assertThat(stream.evaluationSets().getLast().learnedIn()).isEmpty();
            assertThat(classes(stream)).containsExactly("blue", "green", "grey", "red", "white", "yellow");
            for (Experience experience : stream.experiences()) {
                List<String> names = names(experience.supervision());
                Dataset train = experience.train();
                assertThat(train.size()).isEqualTo(4 * names.size());
                for (int i = 0; i < train.size(); i++) {
                    assertThat(train.sample(i).className())
                            .contains(names.get(train.sample(i).label().orElseThrow()));
                }
                EvaluationSet set = stream.evaluationSets().get(experience.index());
                assertThat(set.learnedIn()).hasValue(experience.index());
                assertThat(set.test().size()).isEqualTo(2 * names.size());
                assertThat(names(set.supervision())).isEqualTo(names);
            }
        }
    }

    @Test
    void aRandomClassOrderIsNumpysPermutationOfTheSeed() throws IOException {
        String[] sorted = Arrays.stream(COLOURS).sorted().toArray(String[]::new);
        for (long seed : new long[] {42, 7}) {
            try (ExperienceStream stream = open("""
                    name: groups
                    class-increment: {data: {path: colours}, increment: 3}
                    order: random
                    order-seed: %d
                    """.formatted(seed))) {
                assertThat(classes(stream))
                        .isEqualTo(IntStream.of(new MersenneTwister(seed).numpyPermutation(COLOURS.length))
                                .mapToObj(i -> sorted[i])
                                .toList());
            }
        }
    }

    @Test
    void anOrderMayBeAListOfNamesOrOfPlaces() throws IOException {
        String form = """
                name: groups
                class-increment: {data: {path: colours}, increment: 2}
                order: %s
                """;
        try (ExperienceStream byName = open(form.formatted("[white, red, grey, green, yellow, blue]"));
                ExperienceStream byPlace = open(form.formatted("[4, 3, 2, 1, 5, 0]"))) {
            assertThat(classes(byName)).containsExactly("white", "red", "grey", "green", "yellow", "blue");
            assertThat(classes(byPlace)).isEqualTo(classes(byName));
        }
        assertThatThrownBy(() -> open(form.formatted("[white, red, grey, green, yellow, red]")))
                .hasMessageContaining("each of the 6 once");
        assertThatThrownBy(() -> open(form.formatted("[purple, red, grey, green, yellow, red]")))
                .hasMessageContaining("purple");
    }

    @Test
    void groupsThatLeaveClassesOverAreRefused() {
        assertThatThrownBy(() -> open("""
                        name: groups
                        class-increment: {data: {path: colours}, base: 1, increment: 2}
                        """)).hasMessageContaining("6 classes").hasMessageContaining("groups of 2");
    }

    @Test
    void aDataSetComesInTheOrderOfTime() throws IOException {
        writeYears();
        try (ExperienceStream stream = open("""
                name: years
                time: {data: {path: years.csv}, field: year, steps: 3, captions: [en]}
                """)) {
            assertThat(stream.experiences())
                    .extracting(Experience::name)
                    .containsExactly("2010-2011", "2012-2013", "2014-2015");
            for (Experience step : stream.experiences()) {
                assertThat(step.train().size()).isEqualTo(8);
                for (int i = 0; i < step.train().size(); i++) {
                    assertThat(step.train().sample(i).number("year").orElseThrow())
                            .isBetween(2010 + 2L * step.index(), 2011 + 2L * step.index());
                }
            }
            assertThat(stream.evaluationSets())
                    .extracting(set -> set.test().size())
                    .containsOnly(4);
        }
        try (ExperienceStream stream = open("""
                name: years
                time: {data: {path: years.csv}, field: year, until: [2010, 2014], captions: [en], test-limit: 3}
                """)) {
            assertThat(stream.experiences()).extracting(Experience::name).containsExactly("2010", "2011-2014", "2015");
            assertThat(stream.evaluationSets())
                    .extracting(set -> set.test().size())
                    .containsExactly(2, 3, 2);
        }
    }

    @Test
    void timeMayBeADate() throws IOException {
        List<String> lines = new ArrayList<>(List.of("filepath,caption,split,month,day,mixed"));
        for (int i = 0; i < 12; i++) {
            String name = i + ".png";
            Files.write(folder.resolve(name), Pictures.png(COLOURS[i % 3], i));
            String month = "2024-%02d".formatted(i % 3 + 1);
            String day = month + "-%02d".formatted(i + 1);
            lines.add(String.join(
                    ",", name, "a", i < 6 ? "train" : "test", month, day + " 10:00:00", i % 2 == 0 ? month : day));
        }
        Files.write(folder.resolve("dates.csv"), lines);
        String form = """
                name: dates
                time: {data: {path: dates.csv}, field: %s, until: [%s], captions: [en]}
                """;
        try (ExperienceStream months = open(form.formatted("month", "202401, 202402"));
                ExperienceStream days = open(form.formatted("day", "20240201"))) {
            assertThat(months.experiences()).extracting(Experience::name).containsExactly("202401", "202402", "202403");
            assertThat(days.experiences())
                    .extracting(Experience::name)
                    .containsExactly("20240101-20240201", "20240202-20240312");
        }
        assertThatThrownBy(() -> open(form.formatted("mixed", "202401")))
                .hasMessageContaining("'mixed' of dates is a month for some samples and a day for others");
    }

    @Test
    void timesThatCannotBeCutAreRefused() throws IOException {
        writeYears();
        assertThatThrownBy(() -> open("""
                        name: years
                        time: {data: {path: years.csv}, field: month, steps: 3, captions: [en]}
                        """))
                .hasMessageContaining("no whole number or date 'month'")
                .hasMessageContaining("time.field");
        assertThatThrownBy(() -> open("""
                        name: years
                        time: {data: {path: years.csv}, field: year, steps: 9, captions: [en]}
                        """)).hasMessageContaining("too few values for 9 steps");
        assertThatThrownBy(() -> open("""
                        name: years
                        time: {data: {path: years.csv}, field: year, captions: [en]}
                        """)).hasMessageContaining("either steps or until");
    }

    /** Writes a table of six years, four training and two test pictures in each. */
    private void writeYears() throws IOException {
        List<String> lines = new ArrayList<>(List.of("filepath,caption,split,year"));
        for (int year = 2010; year < 2016; year++) {
            for (int i = 0; i < 6; i++) {
                String name = year + "-" + i + ".png";
                Files.write(folder.resolve(name), Pictures.png(COLOURS[year - 2010], i));
                lines.add(name + ",the year " + year + " number " + i + "," + (i < 4 ? "train" : "test") + "," + year);
            }
        }
        Files.write(folder.resolve("years.csv"), lines);
    }

    @Test
    void tasksComeInTheOrderAskedFor() throws IOException {
        String form = """
                name: tasks
                tasks:
                  - {name: warm, data: {path: warm}, learning-rate-factor: 5}
                  - {name: cold, data: {path: cold}}
                orders: {II: [cold, warm]}
                order: %s
                """;
        try (ExperienceStream listed = open(form.formatted("listed"));
                ExperienceStream second = open(form.formatted("II"));
                ExperienceStream sorted = open(form.formatted("alphabetical"))) {
            assertThat(listed.experiences()).extracting(Experience::name).containsExactly("warm", "cold");
            assertThat(second.experiences()).extracting(Experience::name).containsExactly("cold", "warm");
            assertThat(second.experiences())
                    .extracting(Experience::learningRateFactor)
                    .containsExactly(1.0, 5.0);
            assertThat(second.evaluationSets()).extracting(EvaluationSet::name).containsExactly("cold", "warm");
            assertThat(sorted.experiences()).extracting(Experience::index).containsExactly(0, 1);
        }
        assertThatThrownBy(() -> open(form.formatted("III")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("III")
                .hasMessageContaining("II")
                .hasMessageContaining("random");
    }

    @Test
    void fewShotsAreDrawnBySeedFromEveryClass() throws IOException {
        String form = """
                name: few
                tasks: [{name: colours, data: {path: colours}}]
                shots: 2
                shots-seed: %d
                """;
        try (ExperienceStream one = open(form.formatted(1));
                ExperienceStream again = open(form.formatted(1));
                ExperienceStream other = open(form.formatted(2))) {
            Dataset train = one.experiences().getFirst().train();
            assertThat(train.size()).isEqualTo(2 * COLOURS.length);
            assertThat(Arrays.stream(train.labels()).distinct().count()).isEqualTo(COLOURS.length);
            assertThat(one.evaluationSets().getFirst().test().size()).isEqualTo(2 * COLOURS.length);
            assertThat(again.experiences().getFirst().train().hash()).isEqualTo(train.hash());
            assertThat(other.experiences().getFirst().train().hash()).isNotEqualTo(train.hash());
        }
    }

    @Test
    void aStreamHasEitherTasksOrAClassIncrement() {
        assertThatThrownBy(() -> open("name: nothing\n")).hasMessageContaining("at least one task");
        assertThatThrownBy(() -> open("""
                        name: both
                        tasks: [{name: colours, data: {path: colours}}]
                        class-increment: {data: {path: colours}, increment: 2}
                        """)).hasMessageContaining("not several of them");
    }

    private ExperienceStream open(String stream) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), "method: frozen\nstream:\n" + stream.indent(2));
        RunConfig.Resolved resolved = RunConfig.read(config, List.of());
        return new Streams(resolved.baseFolder(), folder.resolve("cache")).open(resolved.config().stream());
    }

    private static List<String> classes(ExperienceStream stream) {
        List<String> classes = new ArrayList<>();
        stream.experiences().forEach(experience -> classes.addAll(names(experience.supervision())));
        return classes;
    }

    private static List<String> names(Supervision supervision) {
        return supervision instanceof Supervision.Labels labels ? labels.classNames() : List.of();
    }
}
