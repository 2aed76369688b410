package dev.perennial.clip.image;

import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;

/**
 * The first frame of a GIF on its screen, as Pillow shows it.
 *
 * <p>Pixels outside of the frame have the transparent index where there is one, else index 0. The frame's own palette
 * goes before the common one; without either, indices are grey levels.
 *
 * @param palette the colours of the 256 indices
 * @param stripped a GIF of the frame alone, with a palette of 256 entries so that the codec keeps every index
 */
record GifFile(int width, int height, Frame frame, int background, RgbImage palette, FileBytes stripped)
        implements ImageFile {
    /** No code of 12 bits stands for more than 4,096 pixels. */
    private static final long MAX_EXPANSION = 4096 * 8 / 12 + 1;

    private record Frame(int x, int y, int width, int height) {}

    static GifFile parse(FileBytes file) throws IOException {
        int at = 13;
        byte[] palette = new byte[768];
        for (int i = 0; i < 768; i++) {
            palette[i] = (byte) (i / 3);
        }
        int flags = file.u8(10);
        if ((flags & 0x80) != 0) {
            palette = palette(file, at, flags);
            at += 6 << (flags & 7);
        }
        int background = 0;
        while (file.u8(at) != ',') {
            switch (file.u8(at)) {
                case '!' -> {
                    if (file.u8(at + 1) == 0xf9 && file.u8(at + 2) >= 4 && (file.u8(at + 3) & 1) != 0) {
                        background = file.u8(at + 6);
                    }
                    at = blocksEnd(file, at + 2);
                }
                case ';' -> throw new EOFException("the GIF ends before its first frame");
                default -> at++;
            }
        }
        Frame frame = new Frame(
                file.u16LittleEndian(at + 1),
                file.u16LittleEndian(at + 3),
                file.u16LittleEndian(at + 5),
                file.u16LittleEndian(at + 7));
        if (frame.width() == 0 || frame.height() == 0) {
            throw new IIOException("the GIF announces a frame of " + frame.width() + " x " + frame.height());
        }
        int frameFlags = file.u8(at + 9);
        at += 10;
        if ((frameFlags & 0x80) != 0) {
            palette = palette(file, at, frameFlags);
            at += 6 << (frameFlags & 7);
        }
        int end = blocksEnd(file, at + 1);
        if ((long) frame.width() * frame.height() > MAX_EXPANSION * (end - at)) {
            throw new EOFException("the GIF is truncated: " + (end - at) + " bytes of data cannot hold " + frame.width()
                    + " x " + frame.height() + " pixels");
        }
        return new GifFile(
                Math.max(file.u16LittleEndian(6), frame.x() + frame.width()),
                Math.max(file.u16LittleEndian(8), frame.y() + frame.height()),
                frame,
                background,
                new RgbImage(256, 1, palette),
                rebuilt(file, frame, (frameFlags & 0x40) | 0x87, at, end));
    }

    private static byte[] palette(FileBytes file, int at, int flags) throws EOFException {
        byte[] palette = new byte[768];
        int length = 6 << (flags & 7);
        file.need(at, length);
        System.arraycopy(file.bytes(), at, palette, 0, length);
        return palette;
    }

    /** The end of a chain of length-prefixed blocks. */
    private static int blocksEnd(FileBytes file, int from) throws EOFException {
        int at = from;
        while (file.u8(at) != 0) {
            at += 1 + file.u8(at);
        }
        return at + 1;
    }

    private static FileBytes rebuilt(FileBytes file, Frame frame, int flags, int data, int end) throws IOException {
        byte[] size = {
            (byte) frame.width(), (byte) (frame.width() >> 8), (byte) frame.height(), (byte) (frame.height() >> 8)
        };
        var out = new ByteArrayOutputStream(end - data + 800);
        out.write(new byte[] {'G', 'I', 'F', '8', '9', 'a'});
        out.write(size);
        out.write(new byte[] {0, 0, 0, ',', 0, 0, 0, 0});
        out.write(size);
        out.write(flags);
        for (int i = 0; i < 768; i++) {
            out.write(i / 3);
        }
        file.copy(data, end, out);
        out.write(';');
        return new FileBytes(out.toByteArray());
    }

    @Override
    public int orientation() {
        return Orientation.UPRIGHT;
    }

    @Override
    public long memory() {
        return 3L * width * height + (long) frame.width() * frame.height();
    }

    @Override
    public RgbImage decode() throws IOException {
        Codec.Decoded<RenderedImage> decoded = Codec.GIF.image(stripped, frame.width(), frame.height());
        if (!decoded.warnings().isEmpty()) {
            throw new IIOException("the GIF is damaged: " + decoded.warnings().getFirst());
        }
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            System.arraycopy(palette.rgb(), 3 * background, rgb, i, 3);
        }
        Raster raster = RasterPixels.raster(decoded.content());
        int[] row = new int[frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            raster.getSamples(0, y, frame.width(), 1, 0, row);
            int to = ((frame.y() + y) * width + frame.x()) * 3;
            for (int index : row) {
                System.arraycopy(palette.rgb(), 3 * index, rgb, to, 3);
                to += 3;
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
