package dev.perennial.benchmarks;

/** Compares the results of two ways to compute the same. */
final class Differences {
    /** Largest difference between features of two float32 implementations that is still rounding. */
    static final double TOLERANCE = 1e-3;

    private Differences() {}

    /** Returns the largest absolute difference; infinite where one is not a number. */
    static double largest(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalStateException("one implementation gives " + a.length + " numbers, the other " + b.length);
        }
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - b[i]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    /** Returns the difference if it is rounding only. */
    static double requireRounding(String what, double difference) {
        if (!(difference < TOLERANCE)) {
            throw new IllegalStateException("ONNX Runtime's " + what + " differ from ours by " + difference
                    + ": the exported tower is not the same, so its speed says nothing");
        }
        return difference;
    }
}
