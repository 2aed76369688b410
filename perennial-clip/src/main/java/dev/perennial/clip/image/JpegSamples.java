package dev.perennial.clip.image;

/** The last steps of JPEG decoding on upsampled 8-bit samples, in libjpeg-turbo's and Pillow's integer arithmetic. */
final class JpegSamples {
    private static final int HALF = 1 << 15;

    private JpegSamples() {}

    /**
     * Replaces doubled chroma rows by the 3:1 mean with the nearer neighbour row (libjpeg-turbo's h1v2 fancy
     * upsampling), in place.
     *
     * @param samples {@code [height, width, components]} with every row of such components written twice
     */
    static void smoothVertically(byte[] samples, JpegFrame frame) {
        int count = frame.components().size();
        int stride = frame.width() * count;
        int height = frame.height();
        byte[] above = new byte[stride];
        byte[] row = new byte[stride];
        for (int component = 0; component < count; component++) {
            if (!frame.halvedVerticallyOnly(frame.components().get(component))) {
                continue;
            }
            // The rows outside of the image repeat its first and last ones.
            System.arraycopy(samples, 0, above, 0, stride);
            for (int y = 0; y < height; y += 2) {
                System.arraycopy(samples, y * stride, row, 0, stride);
                int below = (y + 2 < height ? y + 2 : y) * stride;
                for (int i = component; i < stride; i += count) {
                    int near = 3 * (row[i] & 0xff);
                    samples[y * stride + i] = (byte) ((near + (above[i] & 0xff) + 1) >> 2);
                    if (y + 1 < height) {
                        int far = y + 2 < height ? samples[below + i] : row[i];
                        samples[(y + 1) * stride + i] = (byte) ((near + (far & 0xff) + 2) >> 2);
                    }
                }
                byte[] swap = above;
                above = row;
                row = swap;
            }
        }
    }

    /** Converts samples to RGB; three-component samples are converted in place, to hold one copy only. */
    static byte[] toRgb(byte[] samples, JpegColour colour) {
        return switch (colour) {
            case RGB -> samples;
            case GREY -> replicate(samples);
            case YCBCR -> {
                convertYcc(samples, 3, false);
                yield samples;
            }
            case CMYK -> multiply(samples);
            case YCCK -> {
                convertYcc(samples, 4, true);
                yield multiply(samples);
            }
        };
    }

    private static byte[] replicate(byte[] grey) {
        byte[] rgb = new byte[grey.length * 3];
        for (int i = 0; i < grey.length; i++) {
            rgb[3 * i] = grey[i];
            rgb[3 * i + 1] = grey[i];
            rgb[3 * i + 2] = grey[i];
        }
        return rgb;
    }

    /** JFIF's conversion in 16-bit fixed point; inverted it gives the CMY of Adobe's YCCK. */
    private static void convertYcc(byte[] samples, int step, boolean inverted) {
        int[] redOfCr = new int[256];
        int[] blueOfCb = new int[256];
        for (int i = 0; i < 256; i++) {
            redOfCr[i] = (fixed(1.40200) * (i - 128) + HALF) >> 16;
            blueOfCb[i] = (fixed(1.77200) * (i - 128) + HALF) >> 16;
        }
        int greenOfCr = -fixed(0.71414);
        int greenOfCb = -fixed(0.34414);
        int flip = inverted ? 255 : 0;
        for (int i = 0; i < samples.length; i += step) {
            int y = samples[i] & 0xff;
            int cb = samples[i + 1] & 0xff;
            int cr = samples[i + 2] & 0xff;
            int green = y + ((greenOfCb * (cb - 128) + greenOfCr * (cr - 128) + HALF) >> 16);
            samples[i] = (byte) (clip(y + redOfCr[cr]) ^ flip);
            samples[i + 1] = (byte) (clip(green) ^ flip);
            samples[i + 2] = (byte) (clip(y + blueOfCb[cb]) ^ flip);
        }
    }

    /** Adobe stores CMYK inverted, so Pillow inverts it and then takes (1 - C)(1 - K). */
    private static byte[] multiply(byte[] cmyk) {
        byte[] rgb = new byte[cmyk.length / 4 * 3];
        for (int from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
            int light = cmyk[from + 3] & 0xff;
            for (int channel = 0; channel < 3; channel++) {
                int ink = 255 - (cmyk[from + channel] & 0xff);
                int product = ink * light + 128;
                rgb[to + channel] = (byte) clip(light - (((product >> 8) + product) >> 8));
            }
        }
        return rgb;
    }

    private static int fixed(double value) {
        return (int) (value * 65536 + 0.5);
    }

    private static int clip(int value) {
        return Math.clamp(value, 0, 255);
    }
}
