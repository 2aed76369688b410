package dev.perennial.clip.image;

import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * A JPEG of 8-bit grey, RGB, YCbCr, CMYK or YCCK samples, baseline or progressive.
 *
 * <p>The JDK's libjpeg 6b decodes the samples with the same accurate inverse DCT and triangle upsampling as the
 * libjpeg-turbo in Pillow. What differs between the two, upsampling of vertically halved chroma and the choice and
 * arithmetic of colour spaces, is done by {@link JpegSamples}.
 *
 * @param stripped the file without application segments and comments
 * @param whole whether the pixels are decoded all together (progressive or several scans), not row by row
 * @param ended whether the end marker is there
 */
record JpegFile(JpegFrame frame, JpegColour colour, int orientation, boolean whole, boolean ended, FileBytes stripped)
        implements ImageFile {
    /** More scans than any encoder writes; each costs a pass over the whole image. */
    private static final int MAX_SCANS = 100;

    /** As many as encoders write, whatever the size. */
    private static final int USUAL_SCANS = 20;

    /** Pixels of all passes together, beyond the usual number of them. */
    private static final long MAX_PASSED = 500_000_000;

    static JpegFile parse(FileBytes file) throws IOException {
        return new Parser(file).parse();
    }

    @Override
    public int width() {
        return frame.width();
    }

    @Override
    public int height() {
        return frame.height();
    }

    @Override
    public long memory() {
        int components = frame.components().size();
        // Coefficients of 16 bits are kept until the last scan.
        int perPixel = components + (components == 3 ? 0 : 3) + (whole ? 2 * components : 0);
        return (long) perPixel * width() * height();
    }

    @Override
    public RgbImage decode() throws IOException {
        Codec.Decoded<Raster> decoded = Codec.JPEG.raster(stripped, width(), height());
        // Like Pillow: a missing end marker is forgiven where all pixels were there, damage within is not looked at.
        boolean ranDry = whole
                || decoded.warnings().stream().anyMatch(warning -> warning.contains("premature end of data segment"));
        if (!ended && ranDry) {
            throw new EOFException("the JPEG is truncated: its data end before the last row of " + height());
        }
        Raster raster = decoded.content();
        if (!(raster.getDataBuffer() instanceof DataBufferByte buffer)
                || !(raster.getSampleModel() instanceof ComponentSampleModel model)
                || model.getScanlineStride() != width() * frame.components().size()
                || buffer.getData().length != model.getScanlineStride() * height()) {
            throw new IIOException("the JPEG reader returned samples in an unknown layout");
        }
        byte[] samples = buffer.getData();
        JpegSamples.smoothVertically(samples, frame);
        return new RgbImage(width(), height(), JpegSamples.toRgb(samples, colour));
    }

    /** Walks the segments and keeps those that decide samples. */
    private static final class Parser {
        private final FileBytes file;
        private final ByteArrayOutputStream kept;
        private Optional<JpegFrame> frame = Optional.empty();
        private boolean jfif;
        private int adobeTransform = JpegColour.NO_ADOBE_MARKER;
        private int orientation = Orientation.UPRIGHT;
        private boolean progressive;
        private int scans;

        Parser(FileBytes file) {
            this.file = file;
            this.kept = new ByteArrayOutputStream(file.length());
        }

        JpegFile parse() throws IOException {
            file.copy(0, 2, kept);
            int at = 2;
            boolean ended = false;
            while (at < file.length()) {
                int start = nextMarker(at);
                if (start < 0) {
                    break;
                }
                int marker = file.u8(start + 1);
                if (marker == 0xd9) {
                    ended = true;
                    break;
                }
                at = start + 2;
                if (marker != 0x01 && (marker < 0xd0 || marker > 0xd8)) {
                    at = segment(marker, start);
                }
            }
            JpegFrame found = frame.orElseThrow(() -> new EOFException("the JPEG ends before its frame header"));
            if (scans == 0) {
                throw new EOFException("the JPEG is truncated: it ends before its first scan");
            }
            kept.write(0xff);
            kept.write(0xd9);
            return new JpegFile(
                    found,
                    JpegColour.of(found, jfif, adobeTransform),
                    orientation,
                    progressive || scans > 1,
                    ended,
                    new FileBytes(kept.toByteArray()));
        }

        /** The next byte 0xff that is followed by a marker code, or -1. */
        private int nextMarker(int from) {
            byte[] bytes = file.bytes();
            for (int i = from; i < bytes.length - 1; i++) {
                if (bytes[i] == (byte) 0xff && bytes[i + 1] != 0 && bytes[i + 1] != (byte) 0xff) {
                    return i;
                }
            }
            return -1;
        }

        /** Handles the segment whose marker stands at {@code start} and returns where to go on. */
        private int segment(int marker, int start) throws IOException {
            int length = file.u16(start + 2);
            int end = start + 2 + length;
            file.need(start + 2, Math.max(2, length));
            switch (marker) {
                case 0xe0 -> jfif |= file.has(start + 4, "JFIF\0");
                case 0xe1 -> {
                    if (file.has(start + 4, "Exif\0\0") && orientation == Orientation.UPRIGHT) {
                        orientation = Orientation.read(file, start + 4, end);
                    }
                }
                case 0xee -> {
                    if (file.has(start + 4, "Adobe") && length >= 14) {
                        adobeTransform = file.u8(start + 15);
                    }
                }
                case 0xc0, 0xc1, 0xc2 -> {
                    if (frame.isPresent()) {
                        throw new IIOException("the JPEG has two frame headers");
                    }
                    progressive = marker == 0xc2;
                    frame = Optional.of(JpegFrame.read(file, start + 4, end));
                    file.copy(start, end, kept);
                }
                case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf ->
                    throw new IIOException(
                            "lossless, hierarchical and arithmetic-coded JPEGs are not supported, convert the file first");
                case 0xc4, 0xdb, 0xdd -> file.copy(start, end, kept);
                case 0xda -> {
                    return scan(start, end);
                }
                default -> {
                    // Application segments, comments and the like decide no samples.
                }
            }
            return end;
        }

        private int scan(int start, int header) throws IOException {
            if (frame.isEmpty()) {
                throw new IIOException("the JPEG has a scan before its frame header");
            }
            scans++;
            long passed = frame.map(size -> (long) size.width() * size.height()).orElse(0L) * scans;
            if (scans > MAX_SCANS || (scans > USUAL_SCANS && passed > MAX_PASSED)) {
                throw new IIOException("the JPEG has more than " + (scans - 1) + " scans, as only attacks have");
            }
            int end = nextMarker(header);
            while (end >= 0 && file.u8(end + 1) >= 0xd0 && file.u8(end + 1) <= 0xd7) {
                end = nextMarker(end + 2);
            }
            end = end < 0 ? file.length() : end;
            file.copy(start, end, kept);
            return end;
        }
    }
}
