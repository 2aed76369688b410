package dev.perennial.benchmarks;

import dev.perennial.benchmarks.onnx.OnnxSession;
import dev.perennial.run.Software;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a benchmark ran on. */
final class MachineFacts {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final List<String> INSTRUCTION_SETS =
            List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16");

    private MachineFacts() {}

    /** Returns the facts by name, in the order of printing, with the version of ONNX Runtime. */
    static Map<String, String> withOnnxRuntime() {
        Map<String, String> facts = all();
        facts.put("onnxruntime", OnnxSession.version());
        return facts;
    }

    /** Returns the facts by name, in the order of printing. */
    static Map<String, String> all() {
        Map<String, String> facts = new LinkedHashMap<>();
        field("model name").ifPresent(name -> facts.put("processor", name));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        field("flags")
                .map(flags -> Arrays.stream(flags.split(" "))
                        .filter(INSTRUCTION_SETS::contains)
                        .collect(Collectors.joining(" ")))
                .ifPresent(sets -> facts.put("instruction sets", sets));
        facts.putAll(Software.versions());
        facts.put("commit", Software.commit());
        facts.put(
                "OMP_WAIT_POLICY",
                Optional.ofNullable(System.getenv("OMP_WAIT_POLICY")).orElse("not set"));
        return facts;
    }

    private static Optional<String> field(String name) {
        if (!Files.isReadable(PROCESSOR)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(PROCESSOR + ": cannot be read", e);
        }
    }
}
