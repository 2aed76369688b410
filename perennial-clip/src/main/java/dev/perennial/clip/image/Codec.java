package dev.perennial.clip.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The ImageIO readers behind the formats, chosen once and independent of what else is on the class path. */
enum Codec {
    JPEG(builtIn("jpeg")),
    PNG(builtIn("png")),
    GIF(builtIn("gif")),
    BMP(builtIn("bmp")),
    WEBP(new WebPImageReaderSpi());

    private final ImageReaderSpi provider;

    Codec(ImageReaderSpi provider) {
        this.provider = provider;
    }

    /** The JDK's own reader, because the ones that replace it differ in what they do with colour. */
    private static ImageReaderSpi builtIn(String format) {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        provider -> provider.getClass().getModule() == ImageIO.class.getModule()
                                && Arrays.asList(((ImageReaderSpi) provider).getFormatNames())
                                        .contains(format),
                        false);
        if (!found.hasNext()) {
            throw new IllegalStateException("the Java runtime has no " + format
                    + " reader; run on a full JDK or JRE with the module java.desktop");
        }
        return found.next();
    }

    /** Decodes the first image; its size must be the announced one, which the limits were checked against. */
    Decoded<RenderedImage> image(FileBytes file, int width, int height) throws IOException {
        return read(file, width, height, reader -> reader.readAsRenderedImage(0, null));
    }

    /** Decodes the first image's samples before any colour conversion. */
    Decoded<Raster> raster(FileBytes file, int width, int height) throws IOException {
        return read(file, width, height, reader -> reader.readRaster(0, null));
    }

    private <T> Decoded<T> read(FileBytes file, int width, int height, Read<T> read) throws IOException {
        ImageReader reader = provider.createReaderInstance();
        try (var input = new MemoryInput(file)) {
            List<String> warnings = new CopyOnWriteArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(input, true, true);
            if (reader.getWidth(0) != width || reader.getHeight(0) != height) {
                throw new IIOException("the headers contradict each other: " + width + " x " + height + " and "
                        + reader.getWidth(0) + " x " + reader.getHeight(0));
            }
            return new Decoded<>(read.from(reader), List.copyOf(warnings));
        } finally {
            reader.dispose();
        }
    }

    /** What a reader returned and what it complained of. */
    record Decoded<T>(T content, List<String> warnings) {}

    @FunctionalInterface
    private interface Read<T> {
        T from(ImageReader reader) throws IOException;
    }
}
