package dev.perennial.run;

import dev.perennial.train.StepReport;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The figures by which a run is watched, as its events bring them. */
public final class Vitals {
    /** Steps over which the rate is taken. */
    private static final int WINDOW = 16;

    private static final double MIB = 1 << 20;

    private final LongSupplier memory;
    private final Map<Figure, Double> latest = new EnumMap<>(Figure.class);
    private final Deque<StepReport> recent = new ArrayDeque<>();
    private long samples;

    /** What is watched. */
    public enum Figure {
        /** Share of test samples that are right, in percent. */
        ACCURACY("accuracy", "%"),
        /** Loss of the step. */
        LOSS("loss", ""),
        /** Samples learned from in a second, over the last steps. */
        RATE("samples/s", ""),
        /** Resident memory of the process, native memory included. */
        MEMORY("memory", "MiB");

        private final String title;
        private final String unit;

        Figure(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }

        /** Returns the name for people. */
        public String title() {
            return title;
        }

        /** Returns the unit; empty if it has none. */
        public String unit() {
            return unit;
        }
    }

    /** Watches this process. */
    public Vitals() {
        this(ProcessMemory::residentBytes);
    }

    /**
     * Watches with another gauge of memory.
     *
     * @param memory gives bytes
     */
    public Vitals(LongSupplier memory) {
        this.memory = memory;
    }

    /** Takes in an event and returns the figures that it brought; those that are not known are left out. */
    public Map<Figure, Double> accept(RunEvent event) {
        Map<Figure, Double> brought = new EnumMap<>(Figure.class);
        switch (event) {
            case RunEvent.Resumed resumed -> samples = resumed.samples();
            case RunEvent.Learning _ -> recent.clear();
            case RunEvent.Stepped stepped -> {
                samples = stepped.samples();
                brought.put(Figure.LOSS, stepped.report().loss());
                brought.put(Figure.RATE, rate(stepped.report()));
                brought.put(Figure.MEMORY, memory.getAsLong() / MIB);
            }
            case RunEvent.Anytime anytime ->
                brought.put(Figure.ACCURACY, anytime.point().accuracy());
            case RunEvent.Judged judged -> brought.put(Figure.ACCURACY, judged.accuracy());
            case RunEvent.Started _,
                    RunEvent.Evaluated _,
                    RunEvent.Diagnosed _,
                    RunEvent.Foreseen _,
                    RunEvent.Waiting _,
                    RunEvent.Arrived _,
                    RunEvent.Decided _,
                    RunEvent.Committed _,
                    RunEvent.Damaged _,
                    RunEvent.Finished _ -> {}
        }
        brought.values().removeIf(value -> !Double.isFinite(value));
        latest.putAll(brought);
        return brought;
    }

    /** Returns the newest of each figure that is known. */
    public Map<Figure, Double> latest() {
        return Collections.unmodifiableMap(latest);
    }

    /** Returns the number of samples learned from since the run began. */
    public long samples() {
        return samples;
    }

    private double rate(StepReport step) {
        StepReport before = recent.peekFirst();
        recent.addLast(step);
        if (recent.size() > WINDOW) {
            recent.removeFirst();
        }
        return before == null
                ? step.samples() / step.seconds()
                : (step.samples() - before.samples()) / (step.seconds() - before.seconds());
    }
}
