package dev.perennial.cli;

import dev.perennial.run.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Lines of text files that a user gives, such as class names. */
final class TextFile {
    private TextFile() {}

    /** Returns the lines that are not blank, without blanks around them. */
    static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file; check the path");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": is not UTF-8 text; save it as UTF-8, one entry a line");
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }
}
