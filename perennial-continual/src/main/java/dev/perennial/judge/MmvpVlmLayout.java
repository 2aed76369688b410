package dev.perennial.judge;

import dev.perennial.clip.guard.BoundedFile;
import dev.perennial.data.DatasetException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The published layout of MMVP-VLM: {@code Questions.csv} with {@code Question ID,Type,Statement}, and the image of question {@code id} in
 * {@code MLLM_VLM Images/<Type>/<id>.jpg}, or {@code MMVP_VLM_Images} as the read-me spells it. Anything else is refused.
 */
final class MmvpVlmLayout {
    private static final List<String> HEADER = List.of("Question ID", "Type", "Statement");
    private static final Set<String> IMAGE_FOLDERS = Set.of("mllm vlm images", "mmvp vlm images");
    private static final long MAX_BYTES = 16 << 20;

    private MmvpVlmLayout() {}

    /** A statement and the image that it describes. */
    record Question(int id, VisualPattern pattern, String statement, Path image) {}

    /** Two images that differ in a visual pattern; statements in the order of the table. */
    record Pair(Question first, Question second) {
        /** Returns the question of image 1, whose id is odd. */
        Question ofImage1() {
            return first.id() % 2 == 1 ? first : second;
        }

        Question ofImage2() {
            return first.id() % 2 == 1 ? second : first;
        }
    }

    static List<Pair> read(Path folder) {
        Path table = folder.resolve("Questions.csv");
        List<Question> questions = questions(table, imageFolder(folder));
        if (questions.isEmpty() || questions.size() % 2 == 1) {
            throw new DatasetException(table + ": has " + questions.size() + " rows; two rows make a pair");
        }
        List<Pair> pairs = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < questions.size(); i += 2) {
            Question first = questions.get(i);
            Question second = questions.get(i + 1);
            boolean pair = (first.id() - 1) / 2 == (second.id() - 1) / 2
                    && first.id() != second.id()
                    && first.pattern() == second.pattern();
            if (!pair || !ids.add(first.id()) || !ids.add(second.id())) {
                throw new DatasetException(table + ": rows " + (i + 1) + " and " + (i + 2) + " (questions " + first.id()
                        + " and " + second.id() + ") are no pair; pairs are ids 1 and 2, 3 and 4, ... of one type");
            }
            pairs.add(new Pair(first, second));
        }
        return pairs;
    }

    private static List<Question> questions(Path table, Path images) {
        String text;
        try {
            text = BoundedFile.text(table, MAX_BYTES);
        } catch (IOException e) {
            throw new DatasetException(table + ": cannot be read (" + e.getMessage() + ")", e);
        }
        List<CSVRecord> rows;
        try (var parser = CSVFormat.RFC4180.parse(new StringReader(text.replaceFirst("^\uFEFF", "")))) {
            rows = parser.getRecords();
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(table + ": is no CSV table (" + e.getMessage() + ")", e);
        }
        if (rows.isEmpty()
                || !rows.getFirst().stream().map(String::strip).toList().equals(HEADER)) {
            throw new DatasetException(table + ": the first line must be " + String.join(",", HEADER));
        }
        return rows.stream().skip(1).map(row -> question(table, row, images)).toList();
    }

    private static Question question(Path table, CSVRecord row, Path images) {
        String where = table + ": row " + (row.getRecordNumber() - 1);
        if (row.size() != HEADER.size()
                || !row.get(0).strip().matches("[1-9]\\d{0,5}")
                || row.get(2).isBlank()) {
            throw new DatasetException(where + " is not an id, a type and a statement");
        }
        int id = Integer.parseInt(row.get(0).strip());
        String type = row.get(1).strip();
        VisualPattern pattern = VisualPattern.of(type)
                .orElseThrow(() -> new DatasetException(
                        where + " has the unknown type '" + type + "'; the types are " + VisualPattern.types()));
        return new Question(id, pattern, row.get(2).strip(), image(images, type, id));
    }

    private static Path image(Path images, String type, int id) {
        for (String folder : List.of(type, type.replace(' ', '_'), type.replace('_', ' '))) {
            for (String ending : List.of(".jpg", ".jpeg", ".png", ".JPG")) {
                Path file = images.resolve(folder).resolve(id + ending);
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        throw new DatasetException(images + ": has no image " + type + "/" + id + ".jpg");
    }

    private static Path imageFolder(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> IMAGE_FOLDERS.contains(entry.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', ' ')))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new DatasetException(
                            folder + ": has no folder 'MLLM_VLM Images' or 'MMVP_VLM_Images'; is this MMVP-VLM?"));
        } catch (IOException e) {
            throw new DatasetException(folder + ": cannot be listed; is this the folder of MMVP-VLM?", e);
        }
    }
}
