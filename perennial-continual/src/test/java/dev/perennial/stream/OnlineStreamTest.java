package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.data.BatchSampler;
import dev.perennial.data.Dataset;
import dev.perennial.data.Pictures;
import dev.perennial.data.Sample;
import dev.perennial.run.ConfigException;
import dev.perennial.run.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnlineStreamTest {
    private static final String[] COLOURS = {"red", "green", "blue", "yellow", "white", "grey"};

    @TempDir
    Path folder;

    @BeforeEach
    void drawPictures() {
        Pictures.write(folder.resolve("colours"), 10, 3, COLOURS);
    }

    @Test
    void everySampleComesOnce() throws IOException {
        try (ExperienceStream stream = open("sessions: 3, blurry: 30")) {
            Arrivals arrivals = stream.arrivals().orElseThrow();
            assertThat(keys(arrivals.samples())).doesNotHaveDuplicates().hasSize(60);
            assertThat(stream.experiences().stream().flatMap(session -> keys(session.train()).stream()))
                    .as("sessions one after another are the whole")
                    .containsExactlyElementsOf(keys(arrivals.samples()));
            assertThat(arrivals.leftOut()).isZero();
            assertThat(arrivals.sessionEnds().getLast()).isEqualTo(60);
        }
    }

    @Test
    void samplesThatDoNotDivideAmongSessionsAreCounted() throws IOException {
        try (ExperienceStream stream = open("sessions: 4, disjoint: 100, varied: false")) {
            Arrivals arrivals = stream.arrivals().orElseThrow();
            assertThat(arrivals.samples().size()).isEqualTo(40);
            assertThat(arrivals.leftOut()).as("two classes of ten").isEqualTo(20);
        }
    }

    @Test
    void classesAreCountedInTheOrderInWhichTheyFirstCome() throws IOException {
        try (ExperienceStream stream = open("sessions: 3, blurry: 50")) {
            Arrivals arrivals = stream.arrivals().orElseThrow();
            Set<String> met = new HashSet<>();
            List<String> order = new ArrayList<>();
            for (int i = 0; i < arrivals.samples().size(); i++) {
                Sample sample = arrivals.samples().sample(i);
                String name = sample.className().orElseThrow();
                if (met.add(name)) {
                    order.add(name);
                }
                assertThat(arrivals.seen(i + 1).classNames()).isEqualTo(order);
                assertThat(order.get(sample.label().orElseThrow())).isEqualTo(name);
            }
        }
    }

    @Test
    void sessionsAreJudgedOnTheClassesThatAreNewInThem() throws IOException {
        try (ExperienceStream stream = open("sessions: 3, disjoint: 100, varied: false")) {
            Arrivals arrivals = stream.arrivals().orElseThrow();
            assertThat(stream.experiences())
                    .extracting(Experience::name)
                    .containsExactly("session 1", "session 2", "session 3");
            assertThat(stream.evaluationSets()).hasSize(4);
            List<String> judged = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                EvaluationSet set = stream.evaluationSets().get(i);
                assertThat(set.learnedIn()).hasValue(i);
                assertThat(set.test().size()).isEqualTo(6);
                judged.addAll(set.test().classNames());
                assertThat(arrivals.seen(arrivals.sessionEnds().get(i)).classNames())
                        .isEqualTo(judged);
            }
            assertThat(arrivals.test().size()).isEqualTo(18);
            assertThat(arrivals.test().classNames()).isEqualTo(judged);
            assertThat(stream.evaluationSets().getLast().learnedIn())
                    .as("control")
                    .isEmpty();
        }
    }

    @Test
    void aSeedGivesTheSameStreamAndAnotherSeedAnother() throws IOException {
        List<String> first = order("order-seed: 7");
        assertThat(order("order-seed: 7")).isEqualTo(first);
        assertThat(order("order-seed: 8")).isNotEqualTo(first);
    }

    private List<String> order(String seed) throws IOException {
        try (ExperienceStream stream = open("sessions: 3", seed)) {
            return keys(stream.arrivals().orElseThrow().samples());
        }
    }

    @Test
    void aLearnerIsToldNeitherClassesNorSessionsNorSamples() throws IOException {
        try (ExperienceStream stream = open("sessions: 3")) {
            Experience told = stream.arrivals().orElseThrow().told();
            assertThat(told.supervision()).isInstanceOf(Supervision.Arriving.class);
            assertThat(told.train().size()).isEqualTo(60);
            assertThat(told.train().classNames()).isEmpty();
            assertThatThrownBy(() -> told.train().sample(0)).hasMessageContaining("come once");
            assertThatThrownBy(() -> told.train().labels()).hasMessageContaining("only as they come");
            assertThatThrownBy(() -> told.requireLabels("coleclip"))
                    .hasMessageContaining("coleclip")
                    .hasMessageContaining("only as they come");
        }
    }

    @Test
    void aBatchEndsWhereItsSessionDoesAndComesSeveralTimesInARow() {
        BatchSampler sampler = BatchSampler.arriving(List.of(5, 6, 10), 3, 2);
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> arrived = new ArrayList<>();
        Iterator<BatchSampler.IndexBatch> all = sampler.batches(sampler.start());
        while (all.hasNext()) {
            BatchSampler.IndexBatch batch = all.next();
            batches.add(IntStream.of(batch.samples()).boxed().toList());
            arrived.add(sampler.arrivedAt(batch.next()));
        }
        List<List<Integer>> once = List.of(List.of(0, 1, 2), List.of(3, 4), List.of(5), List.of(6, 7, 8), List.of(9));
        assertThat(batches)
                .isEqualTo(
                        once.stream().flatMap(batch -> Stream.of(batch, batch)).toList())
                .hasSize(sampler.batchesPerEpoch());
        assertThat(arrived).containsExactly(3, 3, 5, 5, 6, 6, 9, 9, 10, 10);
        Iterator<BatchSampler.IndexBatch> rest = sampler.batches(new BatchSampler.Position(0, 8, 0));
        assertThat(rest.next().samples()).as("from the middle").containsExactly(3, 4);
    }

    @Test
    void whatHasNoMeaningIsRefused() {
        assertThatThrownBy(() -> open("sessions: 0")).hasMessageContaining("online.sessions");
        assertThatThrownBy(() -> open("disjoint: 101")).hasMessageContaining("online.disjoint");
        assertThatThrownBy(() -> open("sessions: 7, disjoint: 100")).hasMessageContaining("do not divide");
        assertThatThrownBy(() -> open("sessions: 3", "order: random")).hasMessageContaining("stream.order-seed");
        assertThatThrownBy(() -> open("sessions: 3", "order-seed: 1", "task-aware"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("evaluation.protocol");
    }

    private static List<String> keys(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .mapToObj(i -> dataset.sample(i).key())
                .toList();
    }

    private ExperienceStream open(String online) throws IOException {
        return open(online, "order-seed: 1");
    }

    private ExperienceStream open(String online, String more) throws IOException {
        return open(online, more, "pooled");
    }

    private ExperienceStream open(String online, String more, String protocol) throws IOException {
        Path file = folder.resolve("config.yaml");
        Files.writeString(file, """
                method: finetune
                training: {epochs: 1}
                evaluation: {protocol: %s}
                stream:
                  name: colours
                  online: {data: {path: colours}, %s}
                  %s
                  control:
                    - {name: again, data: {path: colours}}
                """.formatted(protocol, online, more));
        RunConfig config = RunConfig.read(file, List.of()).config();
        return new Streams(folder, folder.resolve("cache")).open(config.stream());
    }
}
