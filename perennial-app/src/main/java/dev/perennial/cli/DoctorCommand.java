package dev.perennial.cli;

import dev.perennial.run.Software;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code perennial doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Look at this machine: versions, processor, memory, settings and the speed of matrix products, with"
                        + " advice where something is off.",
        footer = {"", "Example: perennial doctor", "Exit codes: 0 always when it could look, advice or not."})
final class DoctorCommand implements Callable<Integer> {
    private static final double GIB = 1L << 30;
    private static final double ENOUGH_MEMORY = 4 * GIB;
    /** A core with AVX2 reaches several times this. */
    private static final double SLOW_GFLOPS_PER_THREAD = 15;
    /** A gain that pays for the lower precision. */
    private static final double WORTHWHILE_GAIN = 1.2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Columns facts = new Columns("what", "here");
    private final List<String> advice = new ArrayList<>();

    @Override
    public Integer call() {
        Map<String, String> versions = Software.versions();
        fact("perennial", Software.commit());
        fact("java", versions.get("java") + ", " + System.getProperty("java.home"));
        fact("engine", "PyTorch " + versions.get("pytorch") + ", " + versions.get("platform"));
        processor();
        memory();
        waiting(Optional.ofNullable(System.getenv("OMP_WAIT_POLICY")));
        cache(Folders.cache());
        speed();
        PrintWriter out = spec.commandLine().getOut();
        out.print(facts);
        advice.forEach(line -> out.println("advice: " + line));
        if (advice.isEmpty()) {
            out.println("All is well.");
        }
        out.flush();
        return 0;
    }

    private void processor() {
        int processors = Runtime.getRuntime().availableProcessors();
        int threads = torch.get_num_threads();
        fact("threads", threads + " of " + processors + " processors");
        adviseIf(
                threads == 1 && processors > 1,
                "the engine uses one thread only; set OMP_NUM_THREADS=" + processors + " or unset it");
        List<String> instructions = Machine.instructions();
        fact("instructions", instructions.isEmpty() ? "unknown" : String.join(", ", instructions));
        adviseIf(
                !instructions.isEmpty() && !instructions.contains("avx2"),
                "the processor has no AVX2, without which everything is several times slower");
    }

    private void memory() {
        long memory = Machine.memory();
        fact(
                "memory",
                "%.1f GiB, of which Java's heap takes at most %.1f"
                        .formatted(memory / GIB, Runtime.getRuntime().maxMemory() / GIB));
        adviseIf(
                memory < ENOUGH_MEMORY,
                "there is little memory; train with a small batch-size, and accumulate over several");
    }

    private void waiting(Optional<String> policy) {
        fact("OMP_WAIT_POLICY", policy.orElse("not set"));
        adviseIf(
                !policy.map("PASSIVE"::equalsIgnoreCase).orElse(false),
                "set OMP_WAIT_POLICY=PASSIVE: waiting threads that spin take the cores from those that work");
    }

    private void cache(Path folder) {
        fact("cache", "%s, %.2f GiB".formatted(folder, Machine.size(folder) / GIB));
        adviseIf(
                !Machine.isWritable(folder), "the cache folder cannot be written; set PERENNIAL_CACHE to one that can");
    }

    private void speed() {
        double single = MatrixRate.gigaflops(ScalarType.Float);
        double half = MatrixRate.gigaflops(ScalarType.BFloat16);
        fact("float32", "%.0f GFLOP/s in matrix products".formatted(single));
        fact("bfloat16", "%.0f GFLOP/s in matrix products".formatted(half));
        adviseIf(
                single < SLOW_GFLOPS_PER_THREAD * torch.get_num_threads(),
                "matrix products are slow for this many threads; another program may be using the cores");
        adviseIf(half < WORTHWHILE_GAIN * single, "bfloat16 gains little here; leave training.precision at float32");
    }

    private void fact(String name, String value) {
        facts.row(name, value);
    }

    private void adviseIf(boolean off, String line) {
        if (off) {
            advice.add(line);
        }
    }
}
