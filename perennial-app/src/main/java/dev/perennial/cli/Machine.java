package dev.perennial.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What can be known about the machine that this runs on. */
final class Machine {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final List<String> INSTRUCTIONS = List.of("avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16");

    private Machine() {}

    /** Returns the vector instructions that matter to the engine; none where the system does not say. */
    static List<String> instructions() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            Set<String> flags = lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Set.of(line.replaceFirst("^[^:]*:", "").strip().split("\\s+")))
                    .orElse(Set.of());
            return INSTRUCTIONS.stream().filter(flags::contains).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Returns the memory of the machine or its container, in bytes. */
    static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** Returns the size of all files below a folder, in bytes; 0 if it is not there. */
    static long size(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Tells whether a folder can be written to, or made. */
    static boolean isWritable(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isWritable(existing);
    }
}
