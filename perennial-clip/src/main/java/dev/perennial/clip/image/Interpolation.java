package dev.perennial.clip.image;

/** The kernels that CLIP's pipelines resize with, both widened when an image shrinks (antialiasing). */
public enum Interpolation {
    /** A triangle of half-width 1. */
    BILINEAR(1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - Math.abs(distance));
        }
    },

    /** Keys' cubic of half-width 2 with a = -0.5, as in Pillow (OpenCV and PyTorch without antialias use -0.75). */
    BICUBIC(2) {
        @Override
        double weight(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }
    };

    private static final double A = -0.5;

    private final int support;

    Interpolation(int support) {
        this.support = support;
    }

    /** The half-width of the kernel at scale 1. */
    int support() {
        return support;
    }

    /** The unnormalised weight of a sample this many (scaled) pixels from the centre. */
    abstract double weight(double distance);
}
