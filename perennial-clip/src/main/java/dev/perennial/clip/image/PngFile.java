package dev.perennial.clip.image;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.IIOException;

/**
 * A PNG; of an animated one the default image.
 *
 * <p>Only header, palette and pixel data reach the codec, each with its checksum verified. Transparency is left out,
 * since the alpha channel is dropped anyway.
 */
record PngFile(int width, int height, int bitDepth, int colourType, int orientation, FileBytes stripped)
        implements ImageFile {
    private static final int SIGNATURE = 8;
    private static final int GREY = 0;
    private static final int PALETTE = 3;

    /** No deflate stream expands by more. */
    private static final long MAX_EXPANSION = 1032;

    static PngFile parse(FileBytes file) throws IOException {
        if (!file.has(12, "IHDR") || file.u32(8) != 13) {
            throw new IIOException("the PNG does not start with its header chunk");
        }
        long width = file.u32(16);
        long height = file.u32(20);
        if (width == 0 || height == 0 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new IIOException("the PNG announces " + width + " x " + height + " pixels");
        }
        if (file.u8(24) > 16) {
            throw new IIOException("the PNG announces " + file.u8(24) + " bits a sample");
        }
        var kept = new ByteArrayOutputStream(file.length());
        file.copy(0, SIGNATURE, kept);
        int orientation = Orientation.UPRIGHT;
        long dataBytes = 0;
        int at = SIGNATURE;
        while (file.length() - at >= 12 && !file.has(at + 4, "IEND")) {
            long length = file.u32(at);
            file.need(at, 12 + length);
            int end = at + 12 + (int) length;
            String type = new String(file.bytes(), at + 4, 4, StandardCharsets.ISO_8859_1);
            switch (type) {
                case "IHDR", "IDAT" -> {
                    verify(file, at, (int) length, type);
                    file.copy(at, end, kept);
                    dataBytes += type.equals("IDAT") ? length : 0;
                }
                case "PLTE" -> {
                    verify(file, at, (int) length, type);
                    if (file.u8(25) == PALETTE) {
                        kept.write(wholePalette(file, at + 8, (int) length, 3 << file.u8(24)));
                    }
                }
                case "eXIf" -> orientation = Orientation.read(file, at + 8, end - 4);
                default -> {
                    // Ancillary chunks and the frames of animations decide nothing here.
                }
            }
            at = end;
        }
        kept.write(new byte[] {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82});
        var png = new PngFile(
                (int) width, (int) height, file.u8(24), file.u8(25), orientation, new FileBytes(kept.toByteArray()));
        if (dataBytes == 0 || png.leastRawBytes() > dataBytes * MAX_EXPANSION) {
            throw new EOFException("the PNG is truncated: " + dataBytes + " bytes of data cannot hold " + width + " x "
                    + height + " pixels");
        }
        return png;
    }

    /** A palette chunk with an entry for every index: the codec would give those beyond the last one its colour. */
    private static byte[] wholePalette(FileBytes file, int at, int length, int wholeLength) {
        byte[] chunk = new byte[12 + wholeLength];
        System.arraycopy(file.bytes(), at, chunk, 8, Math.min(length, wholeLength));
        ByteBuffer.wrap(chunk).putInt(wholeLength).put(new byte[] {'P', 'L', 'T', 'E'});
        var crc = new CRC32();
        crc.update(chunk, 4, 4 + wholeLength);
        ByteBuffer.wrap(chunk).putInt(8 + wholeLength, (int) crc.getValue());
        return chunk;
    }

    private static void verify(FileBytes file, int chunk, int length, String type) throws IOException {
        var crc = new CRC32();
        crc.update(file.bytes(), chunk + 4, 4 + length);
        if (crc.getValue() != file.u32(chunk + 8 + length)) {
            throw new IIOException("the PNG is damaged: the checksum of its chunk " + type + " is wrong");
        }
    }

    private int channels() {
        return switch (colourType) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }

    private long leastRawBytes() {
        return (long) width * channels() * bitDepth / 8 * height;
    }

    @Override
    public long memory() {
        // The codec takes up to 2 bytes a sample; only 8-bit RGB becomes the result as it is.
        int perPixel = 2 * channels() + (colourType == 2 && bitDepth == 8 ? 0 : 3);
        return (long) perPixel * width * height;
    }

    @Override
    public RgbImage decode() throws IOException {
        RenderedImage image = Codec.PNG.image(stripped, width, height).content();
        boolean clips = bitDepth == 16 && colourType == GREY;
        return RasterPixels.toRgb(image, clips);
    }
}
