package dev.perennial.clip.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** JPEG files in every variety the decoder must know. */
final class JpegFixtures {
    private static final String METADATA = "javax_imageio_jpeg_image_1.0";

    private JpegFixtures() {}

    /** The usual kind: JFIF, YCbCr, chroma halved both ways. */
    static byte[] photo(RgbImage image, boolean progressive) {
        return write(new IIOImage(buffered(image), null, null), 0.9f, progressive);
    }

    /** YCbCr with chosen sampling factors of the luma; the chroma has 1 x 1. */
    static byte[] subsampled(RgbImage image, int horizontal, int vertical) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        BufferedImage buffered = buffered(image);
        IIOMetadata metadata = writer.getDefaultImageMetadata(
                ImageTypeSpecifier.createFromRenderedImage(buffered), writer.getDefaultWriteParam());
        Element tree = (Element) metadata.getAsTree(METADATA);
        NodeList components = tree.getElementsByTagName("componentSpec");
        ((Element) components.item(0)).setAttribute("HsamplingFactor", String.valueOf(horizontal));
        ((Element) components.item(0)).setAttribute("VsamplingFactor", String.valueOf(vertical));
        try {
            metadata.setFromTree(METADATA, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer.dispose();
        return write(new IIOImage(buffered, null, metadata), 1, false);
    }

    /**
     * Raw components in bands of 8 equal rows, so that quality 1 loses nothing; no JFIF and no Adobe marker.
     *
     * @param samples {@code [bands, components]}
     */
    static byte[] raw(int[][] samples) {
        int components = samples[0].length;
        int[] offsets = new int[components];
        for (int i = 0; i < components; i++) {
            offsets[i] = i;
        }
        WritableRaster raster = Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, 8, 8 * samples.length, 8 * components, components, offsets, null);
        for (int y = 0; y < 8 * samples.length; y++) {
            for (int x = 0; x < 8; x++) {
                raster.setPixel(x, y, samples[y / 8]);
            }
        }
        return write(new IIOImage(raster, null, null), 1, false);
    }

    /** Inserts a segment behind the start marker. */
    static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.write(0xff);
        out.write(marker);
        out.write((content.length + 2) >> 8);
        out.write(content.length + 2);
        out.writeBytes(content);
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    static byte[] withAdobe(byte[] jpeg, int transform) {
        byte[] content = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        return withSegment(jpeg, 0xee, content);
    }

    static byte[] withOrientation(byte[] jpeg, int orientation, boolean littleEndian) {
        byte[] tiff = tiff(orientation, littleEndian);
        var content = new ByteArrayOutputStream();
        content.writeBytes("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
        content.writeBytes(tiff);
        return withSegment(jpeg, 0xe1, content.toByteArray());
    }

    /** EXIF data with two tags, the second of which is the orientation. */
    static byte[] tiff(int orientation, boolean littleEndian) {
        var buffer = ByteBuffer.allocate(8 + 2 + 24 + 4)
                .order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        buffer.put((littleEndian ? "II" : "MM").getBytes(StandardCharsets.ISO_8859_1));
        buffer.putShort((short) 42).putInt(8).putShort((short) 2);
        buffer.putShort((short) 0x0100).putShort((short) 3).putInt(1).putInt(0);
        buffer.putShort((short) 0x0112).putShort((short) 3).putInt(1);
        buffer.putShort((short) orientation).putShort((short) 0);
        buffer.putInt(0);
        return buffer.array();
    }

    /** Gives the components other identifiers, in the frame and in the scan header. */
    static byte[] withComponentIds(byte[] jpeg, String ids) {
        byte[] out = jpeg.clone();
        for (int marker : new int[] {0xc0, 0xda}) {
            int at = position(jpeg, marker);
            int first = marker == 0xc0 ? at + 10 : at + 5;
            for (int i = 0; i < ids.length(); i++) {
                out[first + i * (marker == 0xc0 ? 3 : 2)] = (byte) ids.charAt(i);
            }
        }
        return out;
    }

    /** Where the first segment with this marker starts. */
    static int position(byte[] jpeg, int marker) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != marker) {
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | (jpeg[at + 3] & 0xff));
        }
        return at;
    }

    static BufferedImage buffered(RgbImage image) {
        var buffered = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                buffered.setRGB(x, y, image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2));
            }
        }
        return buffered;
    }

    private static byte[] write(IIOImage image, float quality, boolean progressive) {
        var bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality);
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
