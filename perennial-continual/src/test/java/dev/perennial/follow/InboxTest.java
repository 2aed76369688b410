package dev.perennial.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.data.ColourShards;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    @TempDir
    Path folder;

    private long now;

    private Inbox inbox() {
        return new Inbox(folder, Duration.ofSeconds(60), () -> now);
    }

    @Test
    void aShardArrivesOnceWhenItIsTheSameAtTwoLooks() {
        Inbox inbox = inbox();
        ColourShards.write(folder.resolve("b.tar"), 1, 1, 0);
        ColourShards.write(folder.resolve("a.tar"), 2, 1, 0);
        ColourShards.write(folder.resolve(".hidden.tar"), 3, 1, 0);
        assertThat(inbox.look()).isEmpty();
        assertThat(inbox.isSettled()).isFalse();
        assertThat(inbox.look()).extracting(Arrival::file).containsExactly("a.tar", "b.tar");
        assertThat(inbox.look()).isEmpty();
        assertThat(inbox.isSettled()).isTrue();
        ColourShards.write(folder.resolve("a.tar"), 4, 2, 0);
        assertThat(inbox.look()).isEmpty();
        assertThat(inbox.look()).extracting(Arrival::name).containsExactly("a");
    }

    @Test
    void aShardThatIsStillWrittenIsWaitedForAndOneThatIsCutOffIsDamagedInTheEnd() throws IOException {
        Inbox inbox = inbox();
        Path shard = folder.resolve("slow.tar");
        byte[] whole = Files.readAllBytes(ColourShards.write(shard, 1, 2, 0));
        Files.write(shard, Arrays.copyOf(whole, whole.length / 2));
        inbox.look();
        assertThat(inbox.look()).isEmpty();
        Files.write(shard, whole);
        // A file system may count time in seconds.
        Files.setLastModifiedTime(shard, FileTime.fromMillis(1));
        inbox.look();
        assertThat(inbox.look()).allMatch(arrival -> arrival.damage().isEmpty()).hasSize(1);

        Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, whole.length / 2));
        inbox.look();
        now += Duration.ofSeconds(61).toNanos();
        assertThat(inbox.look().getFirst().damage().orElseThrow()).contains("end mark");
    }

    @Test
    void aPackedShardIsWholeWhenItsGzipIs() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            Files.copy(ColourShards.write(folder.resolve("a.tar"), 1, 1, 0), gzip);
        }
        Files.delete(folder.resolve("a.tar"));
        Path packed = Files.write(folder.resolve("a.tar.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - 9));
        Inbox inbox = inbox();
        inbox.look();
        assertThat(inbox.look()).isEmpty();
        Files.write(packed, bytes.toByteArray());
        inbox.look();
        assertThat(inbox.look()).extracting(Arrival::name).containsExactly("a");
    }
}
