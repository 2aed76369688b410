package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks the hub, following its redirects without taking the token to other hosts. */
final class HubClient implements AutoCloseable {
    private static final int MAX_REDIRECTS = 5;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final URI base;
    private final Optional<String> token;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    HubClient(URI base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /**
     * An answer with its body still to be read.
     *
     * @param sha256 of the whole file, where a header of any hop states it
     */
    record Answer(HttpResponse<InputStream> response, Optional<String> sha256) implements AutoCloseable {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        InputStream body() {
            return response.body();
        }

        /** Reads into the buffer, and returns how many bytes, or -1 at the end. */
        int read(byte[] buffer) throws HubRetry.BrokenException {
            try {
                return body().read(buffer);
            } catch (IOException e) {
                throw new HubRetry.BrokenException(e);
            }
        }

        @Override
        public void close() {
            try {
                body().close();
            } catch (IOException e) {
                // Everything wanted from the body has been read.
            }
        }
    }

    /** Gets {@code address} from byte {@code from}; every status but a redirect is an answer. */
    Answer get(URI address, long from) throws HubRetry.BrokenException, InterruptedException {
        URI at = address;
        Optional<String> sha256 = Optional.empty();
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(request(at, from));
            sha256 = sha256.or(() -> stated(response, "X-Linked-Etag")).or(() -> stated(response, "ETag"));
            Answer answer = new Answer(response, sha256);
            String location = answer.header("Location");
            if (answer.status() / 100 != 3 || location.isEmpty()) {
                return answer;
            }
            answer.close();
            URI next = at.resolve(location);
            if (!"https".equals(next.getScheme()) && !at.getScheme().equals(next.getScheme())) {
                throw new HubException(address + ": the server redirects to " + next + ", which is not encrypted");
            }
            at = next;
        }
        throw new HubException(address + ": more than " + MAX_REDIRECTS + " redirects");
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws HubRetry.BrokenException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new HubRetry.BrokenException(e);
        }
    }

    private HttpRequest request(URI at, long from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(ANSWER_TIMEOUT);
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        boolean home =
                at.getScheme().equals(base.getScheme()) && at.getAuthority().equals(base.getAuthority());
        token.filter(_ -> home).ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request.build();
    }

    private static Optional<String> stated(HttpResponse<?> response, String header) {
        return response.headers().firstValue(header).flatMap(HubListing::sha256);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
