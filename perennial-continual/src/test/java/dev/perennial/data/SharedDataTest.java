package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the data sets of the shared folder, where there is one: {@code -Dperennial.shared=DIR} or next to the repository. */
class SharedDataTest {
    private static final Path SHARED = Path.of(System.getProperty("perennial.shared", "../../shared"));

    @TempDir
    static Path cache;

    @BeforeEach
    void needsTheSharedFolder() {
        assumeTrue(Files.isDirectory(SHARED.resolve("data")), "no shared data at " + SHARED.toAbsolutePath());
    }

    private static Dataset open(Path folder, String split) {
        return WebDatasetReader.open(folder, split, new ShardOptions(cache, false));
    }

    private static List<Path> folders(String kind) throws IOException {
        try (Stream<Path> folders = Files.list(SHARED.resolve("data").resolve(kind))) {
            return folders.sorted().toList();
        }
    }

    private static Map<String, JsonNode> splits(Path folder) {
        JsonNode manifest = JsonMapper.builder().build().readTree(folder.resolve("dataset.json"));
        return manifest.get("splits").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void everyRecordIsReadAndTheCountsAreTheStatedOnes() throws IOException {
        for (Path folder : Stream.concat(folders("open").stream(), folders("research").stream())
                .toList()) {
            for (var split : splits(folder).entrySet()) {
                try (Dataset dataset = open(folder, split.getKey())) {
                    assertThat(dataset.size())
                            .isEqualTo(split.getValue().get("count").asInt());
                    boolean labelled = !dataset.classNames().isEmpty();
                    for (int i = 0; i < dataset.size(); i++) {
                        Sample sample = dataset.sample(i);
                        assertThat(sample.label().isPresent()).isEqualTo(labelled);
                        assertThat(labelled || !sample.captions("en").isEmpty()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void everyImageOfTheOpenDataSetsIsLoaded() throws IOException {
        for (Path folder : folders("open")) {
            for (String split : splits(folder).keySet()) {
                var bad = new BadSamples();
                int loaded = 0;
                try (Dataset dataset = open(folder, split)) {
                    var sampler = BatchSampler.sequential(dataset.size(), 64);
                    ImagePreparation corner = (image, random) -> new float[] {image.value(0, 0, 0)};
                    try (Loader loader =
                            new Loader(dataset, sampler, sampler.start(), corner, LoaderOptions.withSeed(0), bad)) {
                        while (loader.hasNext()) {
                            loaded += loader.next().size();
                        }
                    }
                    assertThat(bad.list()).isEmpty();
                    assertThat(loaded).isEqualTo(dataset.size());
                }
            }
        }
    }

    @Test
    void emojiCanBeSplitByGroupAndStyle() {
        var spec = DatasetSpec.of(
                SHARED.resolve("data/open/emoji").toAbsolutePath().toString());
        try (Dataset emoji = Datasets.open(spec, Path.of("."), "test", cache)) {
            assertThat(emoji.languages()).hasSize(26);
            Dataset noto = emoji.filter(sample -> sample.values("domain").contains("noto"));
            assertThat(noto.size()).isBetween(1, emoji.size() - 1);
            Dataset grouped = emoji.relabel("group", emoji.values("group"));
            assertThat(grouped.classNames()).hasSizeGreaterThan(5);
            assertThat(IntStream.of(grouped.labels()).min()).hasValue(0);
        }
    }
}
