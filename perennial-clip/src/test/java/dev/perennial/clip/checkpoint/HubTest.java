package dev.perennial.clip.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
    private static final byte[] WEIGHTS = new byte[3_000_000];

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    Path folder;

    private HubServer server;
    private Hub hub;

    HubTest() throws IOException {
        server = new HubServer();
        hub = hub(server);
    }

    @BeforeEach
    void fillTheHub() {
        server.with("config.json", "{\"model_type\":\"clip\"}")
                .with("model.safetensors", WEIGHTS)
                .with("tokenizer.json", "{}")
                .with("README.md", "about")
                .with("pytorch_model.bin", new byte[10])
                .with("onnx/model.onnx", new byte[10]);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void onlyWhatAModelNeedsIsFetched() throws IOException {
        List<Path> files = pull();
        assertThat(files)
                .extracting(Path::getFileName)
                .map(Path::toString)
                .containsExactly("config.json", "model.safetensors", "tokenizer.json");
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(namesIn(folder)).containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
    }

    @Test
    void aBrokenConnectionIsResumedWhereItStopped() throws IOException {
        server.breaks.set(3);
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.requests).anyMatch(request -> request.matches(".*model.safetensors bytes=[1-9]\\d*-"));
    }

    @Test
    void aDownloadOfAnEarlierRunIsContinued() throws IOException {
        Files.write(folder.resolve("model.safetensors.part"), Arrays.copyOf(WEIGHTS, 1_000_000));
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(server.requests).contains("/" + HubServer.ID + "/resolve/main/model.safetensors bytes=1000000-");
    }

    @Test
    void aServerThatIgnoresRangesSendsTheWholeFileAgain() throws IOException {
        server.ignoresRanges = true;
        Files.write(folder.resolve("model.safetensors.part"), new byte[1_000_000]);
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aPartLongerThanTheFileStartsAnew() throws IOException {
        Files.write(folder.resolve("model.safetensors.part"), new byte[4_000_000]);
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        server.busy.set(4);
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aServerThatStaysBusyIsGivenUp() {
        server.busy.set(1_000);
        assertThatThrownBy(this::pull)
                .isInstanceOf(HubException.class)
                .hasMessageContaining("503")
                .hasMessageContaining("6 attempts");
    }

    @Test
    void aWrongHashIsRefusedAndLeavesNothing() throws IOException {
        server.statingHash("model.safetensors", "0".repeat(64));
        assertThatThrownBy(this::pull)
                .isInstanceOf(HubException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("instead of 0000");
        assertThat(namesIn(folder)).containsExactly("config.json");
    }

    @Test
    void aHashThatOnlyTheAnswerStatesIsCheckedToo() throws IOException {
        server.listsHashes = false;
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        server.statingHash("model.safetensors", "f".repeat(64));
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("instead of ffff");
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aFileThatIsThereIsNotFetchedAgainUnlessItIsDamaged() throws IOException {
        pull();
        server.requests.clear();
        pull();
        assertThat(server.requests).noneMatch(request -> request.contains("model.safetensors"));
        byte[] damaged = WEIGHTS.clone();
        damaged[77]++;
        Files.write(folder.resolve("model.safetensors"), damaged);
        pull();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void anUnknownRepositoryIsNamed() {
        assertThatThrownBy(() -> hub.pull("someone/else", folder, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("someone/else")
                .hasMessageContaining("404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil",
                "a/../../evil",
                "/etc/evil",
                "..\\evil",
                "C:evil",
                "model\u0000.safetensors",
                "onnx/.."
            })
    void aRepositoryWhoseNamesLeaveTheFolderIsNotTrusted(String name) throws IOException {
        server.with(name, "evil");
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("leads out of its folder");
        assertThat(namesIn(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b/c", "/a", "a/", "a/../b", "a b", "a?b", "http://x"})
    void whatIsNoIdIsNotAskedFor(String id) {
        assertThatThrownBy(() -> hub.pull(id, folder, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("not the id");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aGatedRepositoryNeedsItsToken() throws IOException {
        server.wantedToken = "secret";
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("access token");
        new Hub(server.base(), "secret").pull(HubServer.ID, folder, HubProgress.SILENT);
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void theTokenStaysAtHomeWhenFilesLieElsewhere() throws IOException {
        server.wantedToken = "secret";
        try (HubServer elsewhere =
                new HubServer().with("config.json", "{\"model_type\":\"clip\"}").with("model.safetensors", WEIGHTS)) {
            elsewhere.with("tokenizer.json", "{}");
            server.redirect = elsewhere.base().toString();
            new Hub(server.base(), "secret").pull(HubServer.ID, folder, HubProgress.SILENT);
            assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
            assertThat(server.authorizations).containsOnly("Bearer secret");
            assertThat(elsewhere.authorizations).isNotEmpty().containsOnly("null");
        }
    }

    @Test
    void redirectsInACircleEnd() {
        server.redirect = server.base().toString();
        assertThatThrownBy(this::pull).isInstanceOf(HubException.class).hasMessageContaining("redirects");
    }

    @Test
    void progressEndsAtTheWholeSize() {
        List<Long> done = new CopyOnWriteArrayList<>();
        hub.pull(HubServer.ID, folder, (file, bytes, total) -> {
            if (file.equals("model.safetensors")) {
                assertThat(total).isEqualTo(WEIGHTS.length);
                done.add(bytes);
            }
        });
        assertThat(done).isSorted().endsWith((long) WEIGHTS.length);
    }

    @Test
    void aServerThatIsNoHubIsToldApart() throws IOException {
        try (HubServer empty = new HubServer()) {
            assertThatThrownBy(() -> hub(empty).pull(HubServer.ID, folder, HubProgress.SILENT))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("no CLIP model");
        }
    }

    @Test
    void nobodyAtTheAddressIsGivenUpInTheEnd() {
        URI gone = server.base();
        server.close();
        Hub lonely = new Hub(gone).withFirstPause(Duration.ofMillis(1));
        assertThatThrownBy(() -> lonely.pull(HubServer.ID, folder, HubProgress.SILENT))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("after 6 attempts");
    }

    @Test
    void openClipRepositoriesGiveTheirOwnFiles() throws IOException {
        try (HubServer other = new HubServer()) {
            other.with("open_clip_config.json", "{}")
                    .with("open_clip_pytorch_model.bin", new byte[7])
                    .with("open_clip_model.safetensors", new byte[9]);
            assertThat(hub(other).pull(HubServer.ID, folder, HubProgress.SILENT))
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("open_clip_config.json", "open_clip_model.safetensors");
        }
    }

    private static Hub hub(HubServer server) {
        return new Hub(server.base()).withFirstPause(Duration.ofMillis(1));
    }

    private List<Path> pull() {
        return hub.pull(HubServer.ID, folder, HubProgress.SILENT);
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
