package dev.perennial.judge;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.data.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The published layout of MIRB: one JSON file a subset, each a list of objects with {@code questions}, {@code images} (paths from the
 * folder) and {@code answers}. Anything else is refused.
 *
 * @param folder where it lies
 * @param questions by subset
 * @param variants names of files that hold another form of a subset, which the headline leaves out
 */
record MirbLayout(Path folder, Map<MirbSubset, List<Question>> questions, List<String> variants) {
    private static final Set<String> KEYS = Set.of("questions", "images", "answers");
    private static final String ENDING = ".json";
    private static final long MAX_BYTES = 64 << 20;

    /** One question with the images that it is about. */
    record Question(String text, List<Path> images, String answer) {}

    static MirbLayout read(Path folder) {
        Map<MirbSubset, List<Question>> questions = new EnumMap<>(MirbSubset.class);
        List<String> variants = new ArrayList<>();
        for (Path file : files(folder)) {
            String fileName = file.getFileName().toString();
            String name = fileName.substring(0, fileName.length() - ENDING.length());
            if (name.endsWith("_concat") || name.endsWith("_text")) {
                variants.add(name);
                continue;
            }
            MirbSubset subset = MirbSubset.of(name)
                    .orElseThrow(() -> new DatasetException(file + ": '" + name + "' is no subset of MIRB"));
            if (questions.put(subset, questions(folder, file)) != null) {
                throw new DatasetException(file + ": the subset " + subset.label() + " is there under both its names");
            }
        }
        if (questions.isEmpty()) {
            throw new DatasetException(folder + ": holds no subset such as count.json; is this MIRB?");
        }
        return new MirbLayout(folder, questions, List.copyOf(variants));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DatasetException(folder + ": cannot be listed; is this the folder of MIRB?", e);
        }
    }

    private static List<Question> questions(Path folder, Path file) {
        JsonNode tree;
        try {
            tree = JsonMapper.shared().readTree(BoundedFile.text(file, MAX_BYTES));
        } catch (IOException | JacksonException e) {
            throw new DatasetException(file + ": is no JSON (" + e.getMessage() + ")", e);
        }
        if (!tree.isArray() || tree.isEmpty()) {
            throw new DatasetException(file + ": is no list of questions");
        }
        List<Question> questions = new ArrayList<>();
        for (JsonNode node : tree) {
            String where = file + ": question " + (questions.size() + 1);
            JsonNode answer = node.path("answers");
            if (!node.isObject()
                    || !KEYS.equals(Set.copyOf(node.propertyNames()))
                    || !node.path("questions").isString()
                    || !(answer.isString() || answer.isIntegralNumber())) {
                throw new DatasetException(
                        where + " is not an object with a text 'questions', 'images', and a text or number 'answers'");
            }
            questions.add(new Question(
                    node.path("questions").asString(),
                    images(folder, where, node.path("images")),
                    answer.asString().strip()));
        }
        return questions;
    }

    private static List<Path> images(Path folder, String where, JsonNode node) {
        List<JsonNode> listed =
                node.isString() ? List.of(node) : List.copyOf(node.valueStream().toList());
        if (!(node.isString() || node.isArray()) || listed.isEmpty()) {
            throw new DatasetException(where + ": 'images' is neither a path nor a list of paths");
        }
        return listed.stream().map(path -> image(folder, where, path)).toList();
    }

    private static Path image(Path folder, String where, JsonNode path) {
        try {
            Path image = folder.resolve(path.asString("")).normalize();
            if (path.isString() && image.startsWith(folder.normalize()) && Files.isRegularFile(image)) {
                return image;
            }
        } catch (InvalidPathException e) {
            throw new DatasetException(where + ": an image path is not one of this system", e);
        }
        throw new DatasetException(where + ": there is no image " + path + " in the folder; unpack images.zip there");
    }
}
