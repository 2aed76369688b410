package dev.perennial.clip.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.global.torch;

/**
 * All randomness of a run: one seed, and one independent stream for each purpose by name.
 *
 * <p>Because streams are independent, drawing more numbers for one purpose (say, augmentation) never moves another (say, the
 * sample order). The state of every stream that was used is a single number and goes into checkpoints.
 */
public final class RandomStreams {
    private final long seed;
    private final SortedMap<String, RandomStream> streams = new TreeMap<>();

    /** Creates the streams of a run from its seed. */
    public RandomStreams(long seed) {
        this.seed = seed;
    }

    /** Returns the seed that these streams were created with. */
    public long seed() {
        return seed;
    }

    /** Returns the stream of this name, the same object at every call. */
    public RandomStream stream(String name) {
        return streams.computeIfAbsent(name, key -> new RandomStream(mix(seed, key)));
    }

    /** Returns the position of every stream used so far. */
    public SortedMap<String, Long> state() {
        SortedMap<String, Long> state = new TreeMap<>();
        streams.forEach((name, stream) -> state.put(name, stream.state()));
        return state;
    }

    /**
     * Puts every stream back to a position that {@link #state()} returned; streams that were handed out before go on from there,
     * and those that the state does not name from their start.
     */
    public void restore(Map<String, Long> state) {
        streams.forEach((name, stream) -> stream.moveTo(mix(seed, name)));
        state.forEach((name, position) -> stream(name).moveTo(position));
    }

    /**
     * Seeds the engine's own generator, which dropout draws from, with the next number of the stream {@code engine}: what it gives
     * until it is seeded again then follows from the state of these streams.
     */
    public void seedEngine() {
        torch.manual_seed(stream("engine").nextLong());
    }

    private static long mix(long seed, String name) {
        // FNV-1a over the name; any fixed, well-spread hash serves, but String.hashCode is too narrow.
        long hash = 0xcbf29ce484222325L ^ seed;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return RandomStream.scramble(hash ^ Long.rotateLeft(seed, 32));
    }
}
