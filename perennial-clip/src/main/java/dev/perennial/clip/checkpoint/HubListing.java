package dev.perennial.clip.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which files a repository has, and which of them make up a CLIP model. */
record HubListing(List<HubFile> files) {
    private static final Set<String> COMMON = Set.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.json",
            "merges.txt",
            "special_tokens_map.json",
            "preprocessor_config.json");
    private static final Pattern SAFETENSORS =
            Pattern.compile("model(-\\d+-of-\\d+)?\\.safetensors|model\\.safetensors\\.index\\.json");
    private static final Pattern PYTORCH =
            Pattern.compile("pytorch_model(-\\d+-of-\\d+)?\\.bin|pytorch_model\\.bin\\.index\\.json");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Reads the answer of the hub.
     *
     * @throws IllegalArgumentException if it is no listing, or a name in it would leave the folder
     */
    static HubListing of(JsonNode answer) {
        if (!answer.path("siblings").isArray()) {
            throw new IllegalArgumentException("the answer lists no files; is this the address of a hub?");
        }
        List<HubFile> files = new ArrayList<>();
        for (JsonNode sibling : answer.path("siblings")) {
            String name = sibling.path("rfilename").asString("");
            if (leavesFolder(name)) {
                throw new IllegalArgumentException("the repository lists the name '" + name
                        + "', which leads out of its folder; it is not to be trusted");
            }
            JsonNode large = sibling.path("lfs");
            JsonNode size = large.has("size") ? large.path("size") : sibling.path("size");
            files.add(new HubFile(
                    name,
                    size.isIntegralNumber() ? OptionalLong.of(size.longValue()) : OptionalLong.empty(),
                    sha256(large.path("sha256").asString(""))));
        }
        return new HubListing(List.copyOf(files));
    }

    /** Returns the hash that a listing or an entity tag states, if it is one of SHA-256. */
    static Optional<String> sha256(String text) {
        return Optional.of(text.replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(hash -> SHA_256.matcher(hash).matches());
    }

    private static boolean leavesFolder(String name) {
        return name.isBlank()
                || name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || name.chars().anyMatch(Character::isISOControl)
                || List.of(name.split("/", -1)).contains("..");
    }

    /**
     * Returns what a CLIP model needs: its configuration, tokenizer and preparation, and its weights once, safetensors before pickles.
     *
     * @throws IllegalArgumentException if the repository holds no CLIP model
     */
    List<HubFile> needed() {
        Predicate<String> weights;
        String config;
        // open_clip first: some repositories hold its files beside a config.json of another library.
        if (has("open_clip_config.json") && has("open_clip_model.safetensors")) {
            config = "open_clip_config.json";
            weights = "open_clip_model.safetensors"::equals;
        } else if (has("config.json") && any(SAFETENSORS.asMatchPredicate())) {
            config = "config.json";
            weights = SAFETENSORS.asMatchPredicate();
        } else if (has("config.json") && any(PYTORCH.asMatchPredicate())) {
            config = "config.json";
            weights = PYTORCH.asMatchPredicate();
        } else if (has("open_clip_config.json") && has("open_clip_pytorch_model.bin")) {
            config = "open_clip_config.json";
            weights = "open_clip_pytorch_model.bin"::equals;
        } else {
            throw new IllegalArgumentException(
                    "the repository holds no CLIP model: neither config.json nor open_clip_config.json with weights");
        }
        return files.stream()
                .filter(file -> file.name().equals(config) || COMMON.contains(file.name()) || weights.test(file.name()))
                .toList();
    }

    private boolean has(String name) {
        return any(name::equals);
    }

    private boolean any(Predicate<String> wanted) {
        return files.stream().map(HubFile::name).anyMatch(wanted);
    }
}
