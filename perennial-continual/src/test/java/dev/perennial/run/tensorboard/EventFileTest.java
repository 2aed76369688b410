package dev.perennial.run.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    Path folder;

    @Test
    void theFirstRecordNamesTheVersionAndItsChecksumsAreThoseOfTensorFlow() throws IOException {
        EventFile.create(folder);
        byte[] bytes = Files.readAllBytes(only());
        // Length 24 and its masked checksum, as every event file of TensorFlow begins.
        assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("1800000000000000a37f4b22");
        assertThat(EventReader.read(only()))
                .singleElement()
                .satisfies(event -> assertThat(event.version()).isEqualTo("brain.Event:2"));
    }

    @Test
    void valuesComeBackByTagAndStep() {
        EventFile file = EventFile.create(folder);
        file.scalars(7, Map.of("loss", 0.25));
        file.scalars(9_000_000_000L, Map.of("loss", -1e-3, "score/cats & dogs", 12.5));
        List<EventReader.Event> events = EventReader.read(only());
        assertThat(events.get(1).values()).isEqualTo(Map.of("loss", 0.25f));
        assertThat(events.get(2).values()).isEqualTo(Map.of("loss", -1e-3f, "score/cats & dogs", 12.5f));
        assertThat(events).extracting(EventReader.Event::step).containsExactly(0L, 7L, 9_000_000_000L);
        assertThat(events).allSatisfy(event -> assertThat(event.time()).isGreaterThan(1.7e9));
    }

    @Test
    void aLaterProcessTakesBackWhatWasWrittenAfterItsStartAndTheTornEndIsLeftOut() throws IOException {
        EventFile first = EventFile.create(folder);
        for (int step = 1; step <= 5; step++) {
            first.scalars(step, Map.of("loss", 1.0 * step));
        }
        byte[] whole = Files.readAllBytes(only());
        Files.write(only(), java.util.Arrays.copyOf(whole, whole.length - 3));
        EventFile second = EventFile.create(folder);
        second.start(3);
        second.scalars(3, Map.of("loss", 30.0));
        assertThat(EventReader.series(folder).get("loss")).isEqualTo(Map.of(1L, 1f, 2L, 2f, 3L, 30f));
        try (var files = Files.list(folder)) {
            assertThat(files.sorted().map(path -> path.getFileName().toString()))
                    .containsExactly("events.out.tfevents.00000.perennial", "events.out.tfevents.00001.perennial");
        }
        assertThat(EventReader.read(folder.resolve("events.out.tfevents.00001.perennial"))
                        .get(1)
                        .session())
                .isEqualTo(Optional.of(1));
    }

    private Path only() {
        try (var files = Files.list(folder)) {
            return files.toList().getFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
