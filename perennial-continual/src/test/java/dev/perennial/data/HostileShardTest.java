package dev.perennial.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.clip.guard.OpenFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards from strangers: each kind of harm gets a clear word, and nothing is ever written outside the cache. */
class HostileShardTest {
    private static final byte PAX = TarConstants.LF_PAX_EXTENDED_HEADER_LC;

    @TempDir
    Path folder;

    private Dataset open(Path shard) {
        var info = new DatasetInfo("strange", "train", List.of("cat", "dog"), List.of(), List.of());
        return WebDatasetReader.open(List.of(shard), info, new ShardOptions(folder.resolve("cache"), false));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refusal(byte[] tar) {
        Path shard = Tar.write(folder.resolve("shard.tar"), tar);
        return assertThatThrownBy(() -> open(shard))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("shard.tar");
    }

    private BadSample badSample(Tar tar, int position) {
        try (Dataset dataset = open(tar.to(folder.resolve("shard.tar")))) {
            dataset.sample(position);
            throw new AssertionError("the sample is not bad");
        } catch (BadSampleException e) {
            return e.sample();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.png", "x/../../a.png", "/etc/a.png", "..\\a.png", "x/.."})
    void namesMustNotLeadOutOfTheShard(String name) {
        refusal(new Tar().file(name, "x").bytes()).hasMessageContaining("leads out of the shard");
    }

    @Test
    void namesInExtendedHeadersMustNotLeadOutEither() {
        String escape = "../".repeat(60) + "a.png";
        refusal(new Tar().file(escape, "x").bytes()).hasMessageContaining("leads out of the shard");
        refusal(new Tar().posixLongNames().file(escape, "x").bytes()).hasMessageContaining("leads out of the shard");
    }

    @Test
    void linksAndDevicesAreRefused() {
        refusal(new Tar()
                        .special("a.png", TarConstants.LF_SYMLINK, "/etc/passwd", new byte[0])
                        .bytes())
                .hasMessageContaining("\"a.png\" is a link");
        refusal(new Tar()
                        .special("a.png", TarConstants.LF_LINK, "b.png", new byte[0])
                        .bytes())
                .hasMessageContaining("\"a.png\" is a link");
        refusal(new Tar().special("a.png", TarConstants.LF_CHR, "", new byte[0]).bytes())
                .hasMessageContaining("a device or pipe");
        refusal(new Tar().special("a.png", TarConstants.LF_BLK, "", new byte[0]).bytes())
                .hasMessageContaining("a device or pipe");
        refusal(new Tar()
                        .special("a.png", TarConstants.LF_FIFO, "", new byte[0])
                        .bytes())
                .hasMessageContaining("a device or pipe");
    }

    @Test
    void aSizeThatIsNotThereIsRefused() {
        byte[] tar = new Tar().sample("a", 1, 0).bytes();
        refusal(Tar.lieAboutSize(tar, 0, 1L << 32)).hasMessageContaining("claims 4294967296 bytes");
        refusal(Tar.lieAboutSize(tar, 0, 10_000)).hasMessageContaining("a.png").hasMessageContaining("are left");
        // Too small a size makes image bytes look like the next header.
        byte[] large = new Tar()
                .file("a.png", Images.png(1, 200, 200))
                .file("a.cls", "0")
                .bytes();
        refusal(Tar.lieAboutSize(large, 0, 1)).hasMessageContaining("damaged tar");
    }

    @Test
    void hugeExtendedHeadersAreRefusedBeforeTheyAreRead() {
        refusal(new Tar().special("pax", PAX, "", new byte[70_000]).bytes()).hasMessageContaining("65536 is the limit");
        refusal(new Tar()
                        .special("name", TarConstants.LF_GNUTYPE_LONGNAME, "", new byte[5_000])
                        .bytes())
                .hasMessageContaining("4096 is the limit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "12", "0 path=a\n", "99 path=a.png\n", "9999999999999999999 path=a\n", "16 size=12x4567\n"})
    void malformedExtendedHeadersAreRefused(String pax) {
        byte[] content = pax.getBytes(StandardCharsets.UTF_8);
        refusal(new Tar().special("pax", PAX, "", content).sample("a", 1, 0).bytes())
                .hasMessageContaining("damaged tar");
    }

    @Test
    void longChainsOfExtendedHeadersDoNoHarm() {
        var tar = new Tar();
        for (int i = 0; i < 20_000; i++) {
            tar.special("pax", PAX, "", "12 path=a.x\n".getBytes(StandardCharsets.UTF_8));
        }
        refusal(tar.bytes()).hasMessageContaining("holds no samples");
    }

    @Test
    void cutOffAndEmptyShardsAreRefused() {
        byte[] tar = new Tar().sample("a", 1, 0).bytes();
        refusal(Arrays.copyOf(tar, 1024)).hasMessageContaining("cut off").hasMessageContaining("fetch it again");
        refusal(Arrays.copyOf(tar, 700)).hasMessageContaining("cut off");
        refusal(new byte[0]).hasMessageContaining("cut off");
        refusal(new byte[10_240]).hasMessageContaining("holds no samples");
        refusal("<html>404</html>".repeat(100).getBytes(StandardCharsets.UTF_8)).hasMessageContaining("damaged tar");
    }

    @Test
    void repeatedMembersAndKeysAreRefused() {
        refusal(new Tar().file("a.png", "x").file("a.png", "y").bytes()).hasMessageContaining("there twice");
        refusal(new Tar().file("a.png", "x").file("a.PNG", "y").bytes()).hasMessageContaining("two members .png");
        refusal(new Tar().sample("a", 1, 0).sample("b", 1, 0).file("a.txt", "x").bytes())
                .hasMessageContaining("key \"a\" is there twice");
    }

    @Test
    void gzipBombsStopEarlyAndLeaveNothingBehind() throws IOException {
        Path bomb = Tar.write(folder.resolve("bomb.tar.gz"), Tar.gzip(new byte[40 << 20]));
        assertThatThrownBy(() -> open(bomb))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("bomb.tar.gz: unpacks to more than 200 times its size");
        var small = new ShardCache(folder.resolve("cache"), 1000, 200);
        assertThatThrownBy(() -> small.unpacked(bomb, Optional.empty()))
                .hasMessageContaining("more than the limit of 1000 bytes");
        try (var files = Files.list(folder.resolve("cache"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void damagedGzipIsSaidToBeSo() {
        byte[] packed = Tar.gzip(new Tar().sample("a", 1, 0).bytes());
        Path cut = Tar.write(folder.resolve("cut.tar.gz"), Arrays.copyOf(packed, packed.length / 2));
        assertThatThrownBy(() -> open(cut)).isInstanceOf(DatasetException.class).hasMessageContaining("cut off");
        Path text = Tar.write(folder.resolve("text.tar.gz"), "not found".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> open(text))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("gzip");
    }

    @Test
    void aManifestMustNotNameFilesElsewhere() throws IOException {
        for (String shard : List.of("../x.tar", "/etc/x.tar", "a/b.tar", "..", "")) {
            Files.writeString(
                    folder.resolve("dataset.json"),
                    "{\"name\":\"s\",\"splits\":{\"train\":{\"shards\":[\"" + shard + "\"]}}}");
            assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults()))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("must be a file name");
        }
        Files.writeString(
                folder.resolve("dataset.json"),
                "{\"name\":\"s\",\"splits\":{\"train\":{\"shards\":[\"a.tar.gz\"],\"sha256\":[\"../../x\"]}}}");
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults()))
                .hasMessageContaining("no SHA-256");
        Files.writeString(folder.resolve("dataset.json"), "{\"name\": 3");
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("cannot be understood");
    }

    @Test
    void oneWrongSampleIsBadAndTheOthersAreNot() {
        assertThat(badSample(new Tar().file("a.json", "{}").file("a.cls", "0"), 0))
                .isEqualTo(new BadSample("strange/train", "a", "it needs one image but has the members json, cls"));
        assertThat(badSample(new Tar().file("a.png", "x").file("a.jpg", "x").file("a.cls", "0"), 0)
                        .reason())
                .contains("png, jpg");
        assertThat(badSample(new Tar().sample("ok", 1, 0).file("a.png", "x"), 1).reason())
                .contains("no label");
        assertThat(badSample(new Tar().file("a.png", "x").file("a.cls", "2"), 0).reason())
                .contains("label 2 is outside 0 to 1");
        assertThat(badSample(new Tar().file("a.png", "x").file("a.cls", "-1"), 0)
                        .reason())
                .contains("outside");
        assertThat(badSample(new Tar().file("a.png", "x").file("a.cls", "horse"), 0)
                        .reason())
                .contains("\"horse\" is none of the 2 classes");
        assertThat(badSample(
                                new Tar()
                                        .file("a.png", "x")
                                        .file("a.json", "{\"label\":1}")
                                        .file("a.cls", "0"),
                                0)
                        .reason())
                .contains("label is 1 in .json but 0 in .cls");
        for (String json : List.of("[1]", "{", "null", "", "{\"captions\":[]}", "{\"captions\":{\"en\":[1]}}")) {
            assertThat(badSample(
                                    new Tar()
                                            .file("a.png", "x")
                                            .file("a.json", json)
                                            .file("a.cls", "0"),
                                    0)
                            .reason())
                    .contains(".json");
        }
        assertThat(badSample(new Tar().file("a.png", "x").file("a.json", "[".repeat(100_000)), 0)
                        .reason())
                .contains(".json");
    }

    @Test
    void moreMembersThanFitIntoMemoryAreRefused() throws IOException {
        var tar = new Tar();
        for (int i = 0; i < 11; i++) {
            tar.file(i + ".png", "");
        }
        Path shard = tar.to(folder.resolve("many.tar"));
        try (var channel = FileChannel.open(shard)) {
            assertThat(TarIndex.read(channel, "many.tar", 11)).hasSize(11);
            assertThatThrownBy(() -> TarIndex.read(channel, "many.tar", 10))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("many.tar: has more than 10 members, more than fit into memory")
                    .hasMessageContaining("-Xmx");
        }
    }

    @Test
    void membersOfGigabytesAreBadSamples() throws IOException {
        byte[] tar = new Tar().file("a.png", "x").bytes();
        Path shard = Tar.write(folder.resolve("shard.tar"), Tar.lieAboutSize(tar, 0, 2_000_000_000));
        try (var sparse = new RandomAccessFile(shard.toFile(), "rw")) {
            sparse.setLength(2_000_010_240L);
        }
        var info = new DatasetInfo("strange", "train", List.of(), List.of(), List.of());
        try (Dataset dataset = WebDatasetReader.open(List.of(shard), info, ShardOptions.defaults())) {
            assertThatThrownBy(() -> dataset.sample(0))
                    .isInstanceOf(BadSampleException.class)
                    .hasMessageContaining("its image has 2000000000 bytes");
        }
        assertThat(badSample(new Tar().file("b.png", "x").file("b.json", " ".repeat(2 << 20)), 0)
                        .reason())
                .contains("its .json has 2097152 bytes; 1048576 is the limit");
    }

    @Test
    void foldersPipesAndMissingFilesAreNotOpened() throws Exception {
        Path pipe = folder.resolve("pipe.tar");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no pipes here");
        assertThatThrownBy(() -> open(pipe))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("pipe.tar: cannot be read (it is a pipe or a device");
        assertThatThrownBy(() -> open(Files.createDirectory(folder.resolve("folder.tar"))))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> open(folder.resolve("gone.tar")))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("gone.tar");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "3",
                "{}",
                "{\"name\": null}",
                "{\"name\": \"s\", \"classes\": [null]}",
                "{\"name\": \"s\", \"classes\": \"cat\"}",
                "{\"name\": \"s\", \"classes\": [\"a\", \"a\"]}",
                "{\"name\": \"s\", \"templates\": [null]}",
                "{\"name\": \"s\", \"languages\": [null]}",
                "{\"name\": \"s\", \"splits\": {\"train\": null}}",
                "{\"name\": \"s\", \"splits\": {\"train\": []}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [null]}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [\"a.tar\"], \"bytes\": [null]}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [\"a.tar\"], \"sha256\": [null]}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [\"a.tar\"], \"count\": 1e99}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [\"a.tar\"], \"count\": -1}}}",
                "{\"name\": \"s\", \"name\": \"t\", \"splits\": {\"train\": {\"shards\": [\"a.tar\"]}}}",
                "{\"name\": \"s\"} {\"name\": \"t\"}",
                "{\"name\": \"s\", \"splits\": {\"test\": {\"shards\": [\"a.tar\"]}}}",
                "{\"name\": \"s\", \"splits\": {\"train\": {\"shards\": [\"gone.tar\"]}}}"
            })
    void aManifestThatSaysNothingUsefulIsRefused(String json) throws IOException {
        new Tar().sample("a", 1, 0).to(folder.resolve("a.tar"));
        Files.writeString(folder.resolve("dataset.json"), json);
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults())
                        .close())
                .isInstanceOf(DatasetException.class)
                .hasMessageNotContaining("NullPointer");
        OpenFiles.assertNoneBelow(folder);
    }

    @Test
    void hugeAndDeepManifestsAreRefused() throws IOException {
        Path manifest = folder.resolve("dataset.json");
        Files.writeString(manifest, "{\"name\": \"" + "s".repeat(17 << 20) + "\"}");
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("dataset.json: cannot be read (it is larger than the limit");
        Files.writeString(manifest, "{\"name\": " + "[".repeat(100_000));
        assertThatThrownBy(() -> WebDatasetReader.open(folder, "train", ShardOptions.defaults()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("dataset.json: cannot be understood");
    }

    /** One wrong number must not make a class of every number below it. */
    @Test
    void aSingleLabelFarFromTheOthersIsRefused() {
        Path shard = new Tar()
                .sample("a", 1, 0)
                .sample("b", 2, 1)
                .sample("c", 3, 999_999)
                .to(folder.resolve("s.tar"));
        var info = new DatasetInfo("strange", "train", List.of(), List.of(), List.of());
        assertThatThrownBy(() -> WebDatasetReader.open(List.of(shard), info, ShardOptions.defaults()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("labels run from 0 to 999999 but only 3 of these numbers occur");
        OpenFiles.assertNoneBelow(folder);
    }

    @Test
    void namesOfMembersCannotFakeLinesOfTheListOfBadSamples() {
        String bad = badSample(new Tar().file("a\n\u001b[31mstrange/train b: all is well.cls", "0"), 0)
                .toString();
        assertThat(bad).doesNotContain("\n", "\u001b").contains("a\\u000a\\u001b[31mstrange/train b");
        assertThat(badSample(new Tar().file("a.png", "x").file("a.cls", "y".repeat(1 << 19)), 0)
                        .toString())
                .hasSizeLessThan(1_001);
    }
}
