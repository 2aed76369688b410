package dev.perennial.data;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.SampleLoading.Bad;
import dev.perennial.data.SampleLoading.Good;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/** Decodes all images of a data set into the file of a pixel cache. */
final class PixelCacheBuilder {
    private static final int CHUNK = 64;

    private final Dataset dataset;
    private final PixelFile.Shape shape;
    private final UnaryOperator<RgbImage> square;
    private final PixelCache.Progress progress;

    PixelCacheBuilder(
            Dataset dataset, PixelFile.Shape shape, UnaryOperator<RgbImage> square, PixelCache.Progress progress) {
        this.dataset = dataset;
        this.shape = shape;
        this.square = square;
        this.progress = progress;
    }

    /** Builds the file under another name and gives it its own when it is whole. */
    void build(Path file, int threads) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = Files.createTempFile(file.getParent(), "building-", ".part");
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                Map<Integer, String> bad = writeImages(channel, threads);
                if (bad.size() == shape.samples()) {
                    throw new DatasetException("%s: all %d samples are bad; the first one: %s"
                            .formatted(dataset.info().title(), bad.size(), bad.getOrDefault(0, "there is none")));
                }
                byte[] list = PixelFile.badList(bad);
                long end = shape.offset(shape.samples());
                write(channel, list, end);
                write(channel, shape.header(end + list.length), 0);
                channel.force(true);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot build pixel cache " + file, e);
        }
    }

    private Map<Integer, String> writeImages(FileChannel channel, int threads) {
        var bad = new TreeMap<Integer, String>();
        try (var workers = new LoaderThreads("pixel cache " + dataset.info().title(), threads)) {
            List<Future<Map<Integer, String>>> chunks = new ArrayList<>();
            for (int start = 0; start < shape.samples(); start += CHUNK) {
                int from = start;
                chunks.add(workers.submit(() -> writeChunk(channel, from)));
            }
            for (int i = 0; i < chunks.size(); i++) {
                bad.putAll(chunks.get(i).get());
                progress.done(Math.min((i + 1) * CHUNK, shape.samples()), shape.samples());
            }
            return bad;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while building a pixel cache");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new LoaderException("building a pixel cache failed (" + e.getCause() + ")", e);
        }
    }

    private Map<Integer, String> writeChunk(FileChannel channel, int start) throws IOException {
        var bad = new TreeMap<Integer, String>();
        for (int position = start; position < Math.min(start + CHUNK, shape.samples()); position++) {
            switch (SampleLoading.load(dataset, position, square)) {
                case Good<RgbImage> good -> write(channel, checked(good), shape.offset(position));
                case Bad<RgbImage>(BadSample sample) -> bad.put(position, sample.reason());
            }
        }
        return bad;
    }

    private byte[] checked(Good<RgbImage> good) {
        RgbImage image = good.made();
        if (image.width() != shape.size() || image.height() != shape.size()) {
            throw new LoaderException("%s %s: was prepared to %s, not to %d x %d"
                    .formatted(dataset.info().title(), good.sample().key(), image, shape.size(), shape.size()));
        }
        return image.rgb();
    }

    private static void write(FileChannel channel, byte[] bytes, long at) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }
}
