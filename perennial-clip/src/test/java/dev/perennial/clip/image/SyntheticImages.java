package dev.perennial.clip.image;

/** Images made by formulas. */
final class SyntheticImages {
    private SyntheticImages() {}

    @FunctionalInterface
    interface Formula {
        int value(int x, int y, int channel);
    }

    static RgbImage of(int width, int height, Formula formula) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) formula.value(i / 3 % width, i / 3 / width, i % 3);
        }
        return new RgbImage(width, height, rgb);
    }

    /** A hard image full of high frequencies, for which reference values are known. */
    static RgbImage hard(int width, int height) {
        return of(width, height, (x, y, channel) -> switch (channel) {
            case 0 -> 7 * x + 3 * y;
            case 1 -> x * x + 5 * y;
            default -> x * y;
        });
    }

    /** A smooth colourful image, kind to lossy codecs. */
    static RgbImage smooth(int width, int height) {
        return of(width, height, (x, y, channel) -> switch (channel) {
            case 0 -> 40 + 150 * x / width;
            case 1 -> 200 - 120 * y / height;
            default -> 60 + 60 * x / width + 70 * y / height;
        });
    }
}
