package dev.perennial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bundle.Bundle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises is tried on every build. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");

    @TempDir
    Path folder;

    @Test
    void theLibrarySnippetCompilesAndRuns() throws Exception {
        Path photo = folder.resolve("photo.png");
        ImageIO.write(new BufferedImage(90, 70, BufferedImage.TYPE_INT_RGB), "png", photo.toFile());
        Path model = new Bundle(folder.resolve("bundled")).model();
        String snippet =
                snippet().replace("models/perennial-micro", model.toString()).replace("photo.jpg", photo.toString());
        String program = """
                import dev.perennial.clip.*;
                import java.nio.file.Path;
                import java.util.List;
                public class Snippet {
                    public static void main(String[] args) {
                %s
                    }
                }
                """.formatted(snippet);

        String printed = run(program);

        assertThat(printed).matches("(?s)a (dog|cat) 0\\.\\d+.*");
    }

    @Test
    void theCommandsOfTheReadmeExist() throws IOException {
        Matcher commands = Pattern.compile("\\./perennial (\\w+)").matcher(Files.readString(README));
        while (commands.find()) {
            assertThat(dev.perennial.cli.CommandNames.all()).contains(commands.group(1));
        }
    }

    private static String snippet() throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        assertThat(block.find()).as("a java block in the README").isTrue();
        return block.group(1);
    }

    private String run(String program) throws Exception {
        Path source = Files.writeString(folder.resolve("Snippet.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Snippet").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
