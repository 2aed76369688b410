package dev.perennial.clip.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.IIOException;

/**
 * A Windows or OS/2 bitmap, plain, with bit fields or run-length coded.
 *
 * @param repaired the file with its true length in the header and without a colour profile
 */
record BmpFile(int width, int height, FileBytes repaired) implements ImageFile {
    private static final int OS2_HEADER = 12;
    private static final int V4_HEADER = 108;
    private static final int SRGB = 0x73524742;

    static BmpFile parse(FileBytes file) throws IOException {
        long headerSize = file.u32LittleEndian(14);
        file.need(14, headerSize);
        boolean os2 = headerSize == OS2_HEADER;
        if (!os2 && headerSize < 40) {
            throw new IIOException("the BMP has an unknown header of " + headerSize + " bytes");
        }
        int width = os2 ? file.u16LittleEndian(18) : (int) file.u32LittleEndian(18);
        int height = os2 ? file.u16LittleEndian(20) : (int) file.u32LittleEndian(22);
        int bits = file.u16LittleEndian(os2 ? 24 : 28);
        long compression = os2 ? 0 : file.u32LittleEndian(30);
        if (width <= 0 || height == 0 || height == Integer.MIN_VALUE) {
            throw new IIOException("the BMP announces " + width + " x " + height + " pixels");
        }
        if (compression > 3) {
            throw new IIOException("the BMP holds another format (compression " + compression + ")");
        }
        long data = file.u32LittleEndian(10);
        long rowBytes = ((long) width * bits + 31) / 32 * 4;
        boolean plain = compression == 0 || compression == 3;
        if (data > file.length() || (plain && data + rowBytes * Math.abs((long) height) > file.length())) {
            throw new EOFException("the BMP is truncated: " + file.length() + " bytes cannot hold " + width + " x "
                    + Math.abs((long) height) + " pixels of " + bits + " bits");
        }
        ByteBuffer repaired = ByteBuffer.wrap(file.bytes().clone()).order(ByteOrder.LITTLE_ENDIAN);
        repaired.putInt(2, file.length());
        if (headerSize >= V4_HEADER) {
            repaired.putInt(14 + 56, SRGB);
        }
        return new BmpFile(width, Math.abs(height), new FileBytes(repaired.array()));
    }

    @Override
    public int orientation() {
        return Orientation.UPRIGHT;
    }

    @Override
    public long memory() {
        return 7L * width * height;
    }

    @Override
    public RgbImage decode() throws IOException {
        return RasterPixels.toRgb(Codec.BMP.image(repaired, width, height).content(), false);
    }
}
