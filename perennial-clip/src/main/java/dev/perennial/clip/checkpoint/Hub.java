package dev.perennial.clip.checkpoint;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fetches CLIP models from the Hugging Face hub, or a server of the same interface.
 *
 * <p>A broken download goes on where it stopped, now or at the next call. A file gets its name only when its size and, where the hub
 * states one, its SHA-256 are right; a file that is already there and right is not fetched again.
 */
public final class Hub {
    /** The public hub. */
    public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)?");
    private static final int MAX_LISTING_BYTES = 1 << 24;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Optional<String> token;
    private final HubRetry retry;

    /** Creates a client of the public hub. */
    public Hub() {
        this(HUGGING_FACE);
    }

    /** Creates a client of the hub at this address. */
    public Hub(URI base) {
        this(base, Optional.empty(), HubRetry.PATIENT);
    }

    /** Creates a client that shows this access token to the hub, for repositories that ask for one. */
    public Hub(URI base, String token) {
        this(base, Optional.of(token), HubRetry.PATIENT);
    }

    private Hub(URI base, Optional<String> token, HubRetry retry) {
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.token = token;
        this.retry = retry;
    }

    /** Returns the same client with another first pause between attempts. */
    Hub withFirstPause(Duration pause) {
        return new Hub(base, token, retry.withFirstPause(pause));
    }

    /** Fetches the {@code main} revision of a repository, as {@link #pull(String, String, Path, HubProgress)} does. */
    public List<Path> pull(String id, Path targetFolder, HubProgress progress) {
        return pull(id, "main", targetFolder, progress);
    }

    /**
     * Fetches the configuration, tokenizer and weights of a CLIP model.
     *
     * @param id the repository, such as {@code openai/clip-vit-base-patch32}
     * @param revision branch, tag or commit
     * @param targetFolder where the files go; created if it is not there
     * @param progress is told of every piece
     * @return the model's files in the folder
     * @throws HubException if the repository cannot be had or holds no CLIP model, or a file stays wrong
     * @throws java.io.UncheckedIOException if a file cannot be written
     */
    public List<Path> pull(String id, String revision, Path targetFolder, HubProgress progress) {
        if (!ID.matcher(id).matches() || id.contains("..")) {
            throw new HubException("'" + id + "' is not the id of a repository, such as openai/clip-vit-base-patch32");
        }
        String encoded = URLEncoder.encode(revision, StandardCharsets.UTF_8);
        try (HubClient client = new HubClient(base, token)) {
            URI listing = URI.create(base + "/api/models/" + id + "/revision/" + encoded + "?blobs=true");
            List<HubFile> needed =
                    retry.run(id, () -> list(client, id, listing)).needed();
            List<Path> files = new ArrayList<>();
            for (HubFile file : needed) {
                URI address = URI.create(base + "/" + id + "/resolve/" + encoded + "/" + file.name());
                HubDownload download = new HubDownload(client, id, file, address, targetFolder, progress);
                files.add(retry.run(id + "/" + file.name(), download));
            }
            return List.copyOf(files);
        } catch (IllegalArgumentException e) {
            throw new HubException(id + ": " + e.getMessage(), e);
        }
    }

    private HubListing list(HubClient client, String id, URI address)
            throws HubRetry.BrokenException, InterruptedException {
        try (HubClient.Answer answer = client.get(address, 0)) {
            HubRetry.requireSuccess(id, answer);
            return HubListing.of(JSON.readTree(bodyOf(id, answer)));
        } catch (JacksonException e) {
            throw new HubException(id + ": " + base + " answers with something else than JSON; is this a hub?", e);
        }
    }

    private static byte[] bodyOf(String id, HubClient.Answer answer) throws HubRetry.BrokenException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
            body.write(buffer, 0, count);
            if (body.size() > MAX_LISTING_BYTES) {
                throw new HubException(id + ": the list of its files is longer than 16 MiB");
            }
        }
        return body.toByteArray();
    }
}
