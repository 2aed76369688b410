package dev.perennial.clip.image;

/** The geometric half of CLIP's evaluation preprocessing: shortest side to the size, then the centre square. */
final class CentreCrop {
    private CentreCrop() {}

    static RgbImage apply(RgbImage image, int size, Interpolation interpolation, CropRounding rounding) {
        boolean wide = image.width() > image.height();
        int shortest = Math.min(image.width(), image.height());
        // Truncated as in torchvision; in 64 bits, because a strip of 1 x 65,535 grows to millions of rows.
        long longest = (long) size * Math.max(image.width(), image.height()) / shortest;
        int length = Math.toIntExact(longest);
        int offset = rounding.offset(length - size);
        return AntialiasedResize.window(
                image,
                wide ? length : size,
                wide ? size : length,
                wide ? offset : 0,
                wide ? 0 : offset,
                size,
                size,
                interpolation);
    }
}
