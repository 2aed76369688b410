package dev.perennial.method.replay;

import dev.perennial.clip.checkpoint.StoredTensor;
import dev.perennial.clip.checkpoint.StoredType;
import dev.perennial.clip.image.RgbImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.LongStream;

/** Images of one size as a tensor of bytes, {@code [images, side, side, 3]}. */
final class Squares {
    private Squares() {}

    static StoredTensor stored(String name, int side, List<RgbImage> images) {
        int length = 3 * side * side;
        byte[] all = new byte[Math.multiplyExact(images.size(), length)];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i).rgb(), 0, all, i * length, length);
        }
        return new StoredTensor(
                name, StoredType.U8, new long[] {images.size(), side, side, 3}, MemorySegment.ofArray(all));
    }

    static List<RgbImage> restored(StoredTensor stored) {
        int side = Math.toIntExact(stored.dimension(1));
        return LongStream.range(0, stored.dimension(0))
                .mapToObj(i ->
                        new RgbImage(side, side, stored.rows(i, i + 1).data().toArray(ValueLayout.JAVA_BYTE)))
                .toList();
    }
}
