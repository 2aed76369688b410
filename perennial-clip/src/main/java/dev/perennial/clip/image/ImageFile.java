package dev.perennial.clip.image;

import java.io.IOException;
import java.util.Locale;
import javax.imageio.IIOException;

/**
 * An encoded image whose container has been read and whose pixels have not.
 *
 * <p>Each kind hands its codec a rebuilt file with only the parts that decide pixels: no profiles, comments,
 * thumbnails or further frames, which Pillow ignores too and in which most attacks on decoders live.
 */
sealed interface ImageFile permits JpegFile, PngFile, GifFile, BmpFile, WebpFile {
    int width();

    int height();

    /** The most memory that decoding takes at any moment, in bytes: pixels as the codec holds them, and the result. */
    long memory();

    /** The EXIF orientation, 1 (upright) to 8; 1 where the file has none. */
    int orientation();

    /** Decodes the pixels as Pillow's {@code convert("RGB")} would. */
    RgbImage decode() throws IOException;

    /** Reads the container; costs one pass over the bytes and no memory for pixels. */
    static ImageFile parse(FileBytes file) throws IOException {
        if (file.has(0, "\u00ff\u00d8\u00ff")) {
            return JpegFile.parse(file);
        }
        if (file.has(0, "\u0089PNG\r\n\u001a\n")) {
            return PngFile.parse(file);
        }
        if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
            return GifFile.parse(file);
        }
        if (file.has(0, "BM")) {
            return BmpFile.parse(file);
        }
        if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
            return WebpFile.parse(file);
        }
        throw new IIOException("the content is not JPEG, PNG, GIF, BMP or WebP but " + looksLike(file));
    }

    private static String looksLike(FileBytes file) {
        int at = 0;
        while (at < file.length() && file.bytes()[at] >= 0 && Character.isWhitespace(file.bytes()[at])) {
            at++;
        }
        if (file.has(at, "<")) {
            return "text that starts like a web page";
        }
        if (file.has(4, "ftyp")) {
            return "an ISO media file (HEIC, AVIF or video)";
        }
        var start = new StringBuilder("starts with bytes");
        for (int i = 0; i < Math.min(8, file.length()); i++) {
            start.append(String.format(Locale.ROOT, " %02x", file.bytes()[i]));
        }
        return start.toString();
    }
}
