package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who makes a mistake: one line that says what to do, and the exit code of the documentation. */
class BadInputTest {
    @TempDir
    static Path models;

    @TempDir
    Path folder;

    static Path model = Path.of("");

    @BeforeAll
    static void writeModel() {
        model = TinyFiles.model(models.resolve("tiny"), 1);
    }

    @Test
    void missingModel() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Outcome.of("classify", "--model", folder.resolve("nowhere"), "--labels", "cat,dog", image)
                .assertFailed(2, "there is no model", "nowhere");
    }

    @Test
    void missingHubModelSaysHowToPullIt() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Outcome.of("classify", "--model", "openai/no-such-clip", "--labels", "cat", image)
                .assertFailed(2, "perennial models pull openai/no-such-clip");
    }

    @Test
    void misspeltMethodIsSuggested() {
        Outcome.of("methods", "show", "finetun")
                .assertFailed(2, "unknown method 'finetun'", "did you mean 'finetune'?");
        Outcome.of("validate", config(""), "method=finetun")
                .assertFailed(2, "unknown method 'finetun'", "did you mean 'finetune'?");
    }

    @Test
    void misspeltKeyIsSuggested() {
        Outcome.of("validate", config(""), "training.learnin-rate=1e-3")
                .assertFailed(2, "run.yaml", "unknown key 'learnin-rate'", "did you mean 'learning-rate'?");
    }

    @Test
    void misspeltCommandIsSuggested() {
        Outcome.of("clasify").assertFailed(2, "unknown command 'clasify'", "did you mean 'classify'?");
        Outcome.of("models", "inspct").assertFailed(2, "unknown command 'inspct'", "did you mean 'inspect'?");
    }

    @Test
    void misspeltOptionIsSuggested() {
        Outcome.of("report", "run", "--ouput", "x").assertFailed(2, "--ouput", "did you mean '--output'?");
    }

    @Test
    void misspeltTemplateSetIsSuggested() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Outcome.of("classify", "--model", model, "--labels", "cat", "--template-set", "opnai-7", image)
                .assertFailed(2, "did you mean 'openai-7'?");
    }

    @Test
    void corruptImageIsNamedAndTheOthersGoOn() {
        Path good = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Path bad = TinyFiles.truncated(good, folder.resolve("b.png"));
        Path other = TinyFiles.image(folder.resolve("c.png"), Color.BLUE);

        Outcome outcome =
                Outcome.of("classify", "--model", model, "--labels", "cat,dog", "--format", "csv", good, bad, other);

        outcome.assertFailed(1, "b.png");
        assertThat(outcome.out()).contains("a.png,1,", "c.png,1,").doesNotContain("b.png");
    }

    @Test
    void missingAndCorruptImagesGetALineEachWhenThereIsNoGoodOne() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.png"));
        Outcome outcome =
                Outcome.of("classify", "--model", model, "--labels", "cat", folder.resolve("none.png"), empty);

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("none.png", "no file"),
                        line -> assertThat(line).contains("empty.png", "empty"));
    }

    @Test
    void folderWithoutImages() {
        Outcome.of("classify", "--model", model, "--labels", "cat", folder)
                .assertFailed(1, folder.toString(), "holds no images");
    }

    @Test
    void truncatedCheckpoint() throws IOException {
        Path broken = folder.resolve("broken");
        Files.createDirectories(broken);
        Files.copy(model.resolve("config.json"), broken.resolve("config.json"));
        TinyFiles.truncated(model.resolve("model.safetensors"), broken.resolve("model.safetensors"));
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);

        Outcome.of("classify", "--model", broken, "--labels", "cat", image).assertFailed(1, "model.safetensors");
        Outcome.of("models", "inspect", broken).assertFailed(1, "model.safetensors");
        Outcome.of("validate", config(""), "model=" + broken).assertFailed(2, "model.safetensors");
    }

    @Test
    void noLabels() throws IOException {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Path blank = Files.writeString(folder.resolve("labels.txt"), "\n  \n");
        Outcome.of("classify", "--model", model, image).assertFailed(2, "no labels", "--labels");
        Outcome.of("classify", "--model", model, "--labels", " , ", image).assertFailed(2, "no labels");
        Outcome.of("classify", "--model", model, "--labels-file", blank, image).assertFailed(2, "no labels");
    }

    @Test
    void labelGivenTwice() {
        Path image = TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Outcome.of("classify", "--model", model, "--labels", "cat,dog,cat", image)
                .assertFailed(2, "'cat' is given twice");
    }

    @Test
    void classWithoutImages() throws IOException {
        TinyFiles.dataset(folder.resolve("pets"));
        Files.createDirectories(folder.resolve("pets/train/fox"));
        Outcome.of("validate", config(""), "model=" + model).assertFailed(2, "fox", "a class without images");
    }

    @Test
    void missingDataSet() {
        Outcome.of("validate", config(""), "model=" + model).assertFailed(2, "pets", "no such data set");
    }

    @Test
    void dataSetThatDoesNotShip() {
        Outcome.of(
                        "validate",
                        config(""),
                        "model=" + model,
                        "stream.tasks=[{name: pets, data: {path: 'bundled:emojis'}}]")
                .assertFailed(2, "bundled:emojis", "known: emoji, fashion-mnist, openclipart");
    }

    @Test
    void nothingToEmbed() {
        Outcome.of("embed", "--model", model, "--output", folder.resolve("x.csv"))
                .assertFailed(2, "nothing to embed");
        Outcome.of("embed", "--model", model, "--text", "x", "--output", folder.resolve("x.txt"))
                .assertFailed(2, ".safetensors, .csv or .jsonl");
    }

    @Test
    void reportOfAFolderWithoutResults() {
        Outcome.of("report", folder).assertFailed(1, folder.toString());
    }

    @Test
    void convertRefusesAFolderThatIsNotEmpty() {
        TinyFiles.image(folder.resolve("a.png"), Color.RED);
        Outcome.of("models", "convert", model, folder).assertFailed(2, "not empty");
    }

    @Test
    void pullFromWhereThereIsNoHub() {
        Outcome.of("models", "pull", "../etc", "--output", folder).assertFailed(1, "not the id of a repository");
    }

    @Test
    void stackTraceIsShownOnRequestOnly() {
        Outcome outcome = Outcome.of("models", "inspect", folder, "--verbose");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("holds no CLIP model", "\tat dev.perennial.");
    }

    private Path config(String further) {
        return TinyFiles.config(folder, further);
    }
}
