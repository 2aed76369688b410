package dev.perennial.clip.checkpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A small hub on the loopback address that misbehaves as it is told. */
final class HubServer implements AutoCloseable {
    static final String ID = "someone/tiny-clip";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, String> statedHashes = new LinkedHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    /** How many of the next answers with weights stop in the middle. */
    final AtomicInteger breaks = new AtomicInteger();
    /** How many of the next answers are 503. */
    final AtomicInteger busy = new AtomicInteger();

    boolean ignoresRanges;
    boolean listsHashes = true;
    String wantedToken = "";
    /** Where files are to be fetched instead, or nothing. */
    String redirect = "";

    HubServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI base() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    HubServer with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    HubServer with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    HubServer statingHash(String name, String hash) {
        statedHashes.put(name, hash);
        return this;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(path + (range == null ? "" : " " + range));
            authorizations.add(String.valueOf(authorization));
            if (!wantedToken.isEmpty() && !("Bearer " + wantedToken).equals(authorization)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
            } else if (path.equals("/api/models/" + ID + "/revision/main")) {
                send(exchange, listing(), "");
            } else if (!redirect.isEmpty()) {
                exchange.getResponseHeaders().set("Location", redirect + path);
                exchange.sendResponseHeaders(302, -1);
            } else if (path.startsWith("/" + ID + "/resolve/main/")) {
                file(exchange, path.substring(("/" + ID + "/resolve/main/").length()), range == null ? "" : range);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private byte[] listing() {
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode root = json.createObjectNode();
        var siblings = root.putArray("siblings");
        files.forEach((name, content) -> {
            ObjectNode sibling = siblings.addObject();
            sibling.put("rfilename", name);
            sibling.put("size", content.length);
            if (listsHashes && name.matches(".*\\.(safetensors|bin)")) {
                ObjectNode large = sibling.putObject("lfs");
                large.put("sha256", statedHashes.getOrDefault(name, sha256(content)));
                large.put("size", content.length);
            }
        });
        return json.writeValueAsBytes(root);
    }

    private void file(HttpExchange exchange, String name, String range) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        if (!listsHashes) {
            exchange.getResponseHeaders()
                    .set("X-Linked-Etag", '"' + statedHashes.getOrDefault(name, sha256(content)) + '"');
        }
        send(exchange, content, range);
    }

    private void send(HttpExchange exchange, byte[] content, String range) throws IOException {
        int from = range.isEmpty() || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0 && from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        int length = content.length - from;
        boolean breaking = content.length > 100_000 && breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content, from, breaking ? length / 2 : length);
            body.flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
