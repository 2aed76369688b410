package dev.perennial.benchmarks;

import dev.perennial.clip.tensor.Precision;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Measures contenders in turns, round after round, each between two runs of the matrix product it is held against: what slows the
 * machine down for a while slows all of them.
 */
final class Rounds {
    private final int count;
    private final double secondsEach;
    private final Map<Precision, Gemm> gemms;
    private final Map<Precision, List<Double>> gemmRates = new EnumMap<>(Precision.class);

    /** Creates rounds in which everything runs for at least this long. */
    Rounds(int count, double secondsEach, Map<Precision, Gemm> gemms) {
        this.count = count;
        this.secondsEach = secondsEach;
        this.gemms = gemms;
    }

    /** Lets everything run once for warming up, then measures. */
    List<Speed> measure(List<Contender> contenders, Consumer<String> progress) {
        List<Speed> speeds = contenders.stream()
                .map(contender -> new Speed(contender, new ArrayList<>()))
                .toList();
        progress.accept("warming up");
        gemms.values().forEach(gemm -> secondsPerCall(gemm::run));
        for (Contender contender : contenders) {
            contender.body().run();
            contender.peer().ifPresent(Runnable::run);
        }
        for (int round = 1; round <= count; round++) {
            progress.accept("round " + round + " of " + count);
            speeds.forEach(speed -> speed.samples().add(sample(speed.contender())));
        }
        return speeds;
    }

    /** Returns the median rate of the matrix product, in floating-point operations a second. */
    double gemmRate(Precision precision) {
        return Speed.median(gemmRates.getOrDefault(precision, List.of()).stream());
    }

    private Sample sample(Contender contender) {
        double before = gemmSample(contender.precision());
        double seconds = secondsPerCall(contender.body());
        double after = gemmSample(contender.precision());
        OptionalDouble peer = contender
                .peer()
                .map(body -> OptionalDouble.of(contender.batch() / secondsPerCall(body)))
                .orElseGet(OptionalDouble::empty);
        return new Sample(contender.batch() / seconds, contender.work() / seconds / ((before + after) / 2), peer);
    }

    private double gemmSample(Precision precision) {
        Gemm gemm = gemms.get(precision);
        if (gemm == null) {
            throw new IllegalArgumentException("no matrix product to compare " + precision + " with");
        }
        double rate = gemm.work() / secondsPerCall(gemm::run);
        gemmRates.computeIfAbsent(precision, _ -> new ArrayList<>()).add(rate);
        return rate;
    }

    private double secondsPerCall(Runnable body) {
        long start = System.nanoTime();
        int calls = 0;
        double elapsed;
        do {
            body.run();
            calls++;
            elapsed = (System.nanoTime() - start) / 1e9;
        } while (elapsed < secondsEach);
        return elapsed / calls;
    }
}
