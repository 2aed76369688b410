package dev.perennial.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** What software a result was made with. */
public final class Software {
    private Software() {}

    /** Returns the commit that this program was built from, with {@code -dirty} if files were changed; {@code unknown} outside git. */
    public static String commit() {
        Properties properties = new Properties();
        try (InputStream stream = Software.class.getResourceAsStream("git.properties")) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("git.properties cannot be read", e);
        }
        return properties.getProperty("git.commit.id.describe", "unknown");
    }

    /** Returns the versions that can change numbers. */
    public static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", Runtime.version().toString());
        versions.put("pytorch", version("pytorch"));
        versions.put("platform", Loader.getPlatform());
        versions.put("threads", Integer.toString(torch.get_num_threads()));
        return versions;
    }

    private static String version(String artifact) {
        try {
            return Loader.getVersion("org.bytedeco", artifact);
        } catch (IOException e) {
            throw new UncheckedIOException("the version of " + artifact + " cannot be read", e);
        }
    }
}
