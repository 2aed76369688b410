package dev.perennial.clip.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * A WebP, lossy or lossless; of an animated one the first frame on a black canvas.
 *
 * @param x where the frame starts on the canvas
 * @param memory the most bytes that decoding takes
 * @param stripped a WebP of the frame's colours alone, without alpha, profile and metadata
 */
record WebpFile(int width, int height, int x, int y, Size frame, long memory, int orientation, FileBytes stripped)
        implements ImageFile {
    private record Size(int width, int height) {}

    static WebpFile parse(FileBytes file) throws IOException {
        return new Parser(file).parse();
    }

    @Override
    public RgbImage decode() throws IOException {
        RgbImage pixels = RasterPixels.toRgb(
                Codec.WEBP.image(stripped, frame.width(), frame.height()).content(), false);
        if (frame.width() == width && frame.height() == height) {
            return pixels;
        }
        byte[] canvas = new byte[3 * width * height];
        for (int row = 0; row < frame.height(); row++) {
            System.arraycopy(
                    pixels.rgb(), 3 * row * frame.width(), canvas, 3 * ((y + row) * width + x), 3 * frame.width());
        }
        return new RgbImage(width, height, canvas);
    }

    private static final class Parser {
        private static final String LOSSLESS = "VP8L";

        private final FileBytes file;
        private Optional<Size> canvas = Optional.empty();
        private int x;
        private int y;
        private int orientation = Orientation.UPRIGHT;
        private int bitstream = -1;
        private int bitstreamEnd = -1;

        Parser(FileBytes file) {
            this.file = file;
        }

        WebpFile parse() throws IOException {
            long length = 8 + file.u32LittleEndian(4);
            if (length > file.length()) {
                throw new EOFException("the WebP is truncated: " + file.length() + " of " + length + " bytes");
            }
            chunks(12, (int) length, false);
            if (bitstream < 0) {
                throw new IIOException("the WebP has no image data");
            }
            Size frame = size();
            Size whole = canvas.orElse(frame);
            if (x + frame.width() > whole.width() || y + frame.height() > whole.height()) {
                throw new IIOException("the WebP's frame lies outside of its canvas");
            }
            long memory = memory(frame) + 3L * whole.width() * whole.height();
            return new WebpFile(whole.width(), whole.height(), x, y, frame, memory, orientation, rebuilt());
        }

        private long memory(Size frame) throws IOException {
            if (!file.has(bitstream, LOSSLESS)) {
                return 16L * frame.width() * frame.height();
            }
            long besidePixels = LosslessWebp.memory(file, bitstream + 8, bitstreamEnd, frame.width(), frame.height());
            return besidePixels + 12L * frame.width() * frame.height();
        }

        /** Walks the chunks of the file, or those of a frame, which has none with frames of their own. */
        private void chunks(int from, int to, boolean withinFrame) throws IOException {
            int at = from;
            while (at + 8 <= to) {
                long length = file.u32LittleEndian(at + 4);
                int data = at + 8;
                if (length > to - data) {
                    throw new EOFException("the WebP is truncated within a chunk of " + length + " bytes");
                }
                int end = data + (int) length;
                if (file.has(at, "VP8X")) {
                    canvas = Optional.of(
                            new Size(1 + file.u24LittleEndian(data + 4), 1 + file.u24LittleEndian(data + 7)));
                } else if (file.has(at, "EXIF")) {
                    orientation = Orientation.read(file, data, end);
                } else if (bitstream < 0 && !withinFrame && file.has(at, "ANMF") && length > 16) {
                    x = 2 * file.u24LittleEndian(data);
                    y = 2 * file.u24LittleEndian(data + 3);
                    chunks(data + 16, end, true);
                } else if (bitstream < 0 && (file.has(at, "VP8 ") || file.has(at, LOSSLESS))) {
                    bitstream = at;
                    bitstreamEnd = end;
                }
                at = end + (int) (length & 1);
            }
        }

        private Size size() throws IOException {
            int data = bitstream + 8;
            if (file.has(bitstream, LOSSLESS)) {
                long bits = file.u32LittleEndian(data + 1);
                return new Size(1 + (int) (bits & 0x3fff), 1 + (int) (bits >> 14 & 0x3fff));
            }
            Size size = new Size(file.u16LittleEndian(data + 6) & 0x3fff, file.u16LittleEndian(data + 8) & 0x3fff);
            if (size.width() == 0 || size.height() == 0) {
                throw new IIOException("the WebP announces " + size.width() + " x " + size.height() + " pixels");
            }
            return size;
        }

        private FileBytes rebuilt() throws IOException {
            var out = new ByteArrayOutputStream(bitstreamEnd - bitstream + 13);
            int padding = (bitstreamEnd - bitstream) & 1;
            out.write(new byte[] {'R', 'I', 'F', 'F'});
            out.write(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(4 + bitstreamEnd - bitstream + padding)
                    .array());
            out.write(new byte[] {'W', 'E', 'B', 'P'});
            file.copy(bitstream, bitstreamEnd, out);
            // The decoders read up to eight bytes ahead, where other chunks stood.
            out.write(new byte[padding + 8]);
            return new FileBytes(out.toByteArray());
        }
    }
}
