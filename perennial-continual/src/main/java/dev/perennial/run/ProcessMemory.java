package dev.perennial.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.Pointer;

/** The memory of this process, native memory included. */
public final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /** Returns the present resident size, in bytes. */
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }

    /** Returns the largest resident size so far, in bytes; the present one where the system does not tell. */
    public static long peakBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseGet(Pointer::physicalBytes);
        } catch (IOException e) {
            return Pointer.physicalBytes();
        }
    }
}
