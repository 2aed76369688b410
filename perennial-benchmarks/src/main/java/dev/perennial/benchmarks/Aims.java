package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.Precision;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What the speeds are meant to reach on any machine. */
final class Aims {
    private static final double SHARE_OF_GEMM = 0.8;
    private static final double BFLOAT16_OVER_FLOAT32 = 1.3;
    private static final double CUT_OVER_FULL = 4;
    private static final int BATCH = 16;

    private Aims() {}

    /** Returns one line for each aim: what was measured, and whether it is met. */
    static List<String> judge(List<Speed> speeds) {
        Speed images = find(speeds, Precision.FLOAT32, c -> c.what().equals("images") && c.batch() == BATCH);
        Speed half = find(speeds, Precision.BFLOAT16, c -> c.what().equals("images") && c.batch() == BATCH);
        Speed cut = find(speeds, Precision.FLOAT32, c -> c.what().startsWith("texts"));
        Speed full = find(speeds.reversed(), Precision.FLOAT32, c -> c.what().startsWith("texts"));
        return List.of(
                line("images in float32 at batch 16, share of GEMM", images.shareOfGemm(), SHARE_OF_GEMM),
                line("images at batch 16, bfloat16 over float32", half.over(images), BFLOAT16_OVER_FLOAT32),
                line("short prompts, cut over full context", cut.over(full), CUT_OVER_FULL));
    }

    private static Speed find(List<Speed> speeds, Precision precision, Predicate<Contender> wanted) {
        return speeds.stream()
                .filter(speed -> speed.contender().precision() == precision && wanted.test(speed.contender()))
                .findFirst()
                .orElseThrow();
    }

    private static String line(String what, double measured, double aim) {
        return String.format(
                Locale.ROOT, "%s: %.2f (aim %.2f, %s)", what, measured, aim, measured >= aim ? "met" : "missed");
    }
}
