package dev.perennial.cli;

import dev.perennial.clip.Clip;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.BpeTrainer;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.clip.tower.Initialization;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Models of a few thousand random weights, and pictures to show them. */
final class TinyFiles {
    static final int EMBED_DIM = 16;
    private static final int IMAGE_SIZE = 32;

    private TinyFiles() {}

    /** Writes a model with random weights. */
    static Path model(Path folder, long seed) {
        Tokenizer tokenizer = new Tokenizer(
                        new BpeTrainer(540).train(List.of("a photo of a cat", "a photo of a dog", "a red fox")))
                .withContextLength(12);
        ClipConfig config = new ClipConfig(
                EMBED_DIM,
                new VitConfig(IMAGE_SIZE, 8, TransformerConfig.of(64, 2, 1, Activation.QUICK_GELU)),
                new TextConfig(
                        12,
                        tokenizer.vocabularySize(),
                        tokenizer.endId(),
                        TransformerConfig.of(64, 2, 1, Activation.QUICK_GELU)));
        try (Clip clip = new Clip(
                config,
                Initialization.draw(config, new RandomStream(seed)),
                tokenizer,
                Preprocessing.openai(IMAGE_SIZE))) {
            clip.save(folder, StoredType.F32);
        }
        return folder;
    }

    /** Draws a picture. */
    static Path image(Path file, Color colour) {
        var image = new BufferedImage(40, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillOval(4, 8, 30, 30);
        graphics.dispose();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Writes a file that stops in the middle of another. */
    static Path truncated(Path source, Path target) {
        try {
            byte[] bytes = Files.readAllBytes(source);
            Files.write(target, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    /** Draws a data set of image folders with the classes cat and dog. */
    static Path dataset(Path folder) {
        for (String split : List.of("train", "test")) {
            for (int i = 0; i < 4; i++) {
                image(folder.resolve(split + "/cat/" + i + ".png"), new Color(200, 40 * i, 0));
                image(folder.resolve(split + "/dog/" + i + ".png"), new Color(0, 40 * i, 200));
            }
        }
        return folder;
    }

    /** Writes the configuration of a short run beside a data set {@code pets} and a model {@code tiny}. */
    static Path config(Path folder, String further) {
        String yaml = """
                model: tiny
                method: finetune
                training:
                  steps: 2
                  batch-size: 4
                  warm-up: 0
                  learning-rate: 0.01
                  threads: 1
                stream:
                  name: pets
                  tasks:
                    - name: pets
                      data:
                        path: pets
                """ + further;
        try {
            return Files.writeString(folder.resolve("run.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
