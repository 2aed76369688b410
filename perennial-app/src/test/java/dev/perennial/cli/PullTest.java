package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullTest {
    private static final String ID = "someone/tiny";

    @TempDir
    Path folder;

    private Path published = Path.of("");
    private final HttpServer hub;

    PullTest() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void publish() {
        published = TinyFiles.model(folder.resolve("published"), 3);
        hub.createContext("/", this::answer);
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.stop(0);
    }

    @Test
    void pulledModelClassifies() {
        Path target = folder.resolve("pulled");
        assertThat(Outcome.of("models", "pull", ID, "--base", address(), "--output", target)
                        .assertDone()
                        .out())
                .contains("model: " + target);

        Path image = TinyFiles.image(folder.resolve("a.png"), Color.PINK);
        String expected = Outcome.of("classify", "-m", published, "--labels", "cat,dog", image)
                .assertDone()
                .out();
        assertThat(Outcome.of("classify", "-m", target, "--labels", "cat,dog", image)
                        .assertDone()
                        .out())
                .isEqualTo(expected);
    }

    @Test
    void unknownRepositoryIsToldInOneLine() {
        Outcome.of("models", "pull", "someone/else", "--base", address(), "--output", folder.resolve("pulled"))
                .assertFailed(1, "someone/else");
    }

    private String address() {
        return "http://localhost:" + hub.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String files = "/" + ID + "/resolve/main/";
            if (path.equals("/api/models/" + ID + "/revision/main")) {
                send(exchange, listing());
            } else if (path.startsWith(files)) {
                send(exchange, Files.readAllBytes(published.resolve(path.substring(files.length()))));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private byte[] listing() throws IOException {
        try (Stream<Path> files = Files.list(published)) {
            return files.map(file -> "{\"rfilename\":\"" + file.getFileName() + "\"}")
                    .collect(Collectors.joining(",", "{\"siblings\":[", "]}"))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }
}
