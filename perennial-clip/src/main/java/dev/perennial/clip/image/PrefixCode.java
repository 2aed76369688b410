package dev.perennial.clip.image;

import java.io.IOException;
import java.util.Arrays;
import javax.imageio.IIOException;

/** A prefix code of lossless WebP (RFC 9649, section 3.7.2), read strictly: what is not a whole code is refused. */
final class PrefixCode {
    private static final int LONGEST = 15;
    private static final int[] LENGTH_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private final int[] counts = new int[LONGEST + 1];
    private final int[] symbols;

    private PrefixCode(int[] lengths) throws IIOException {
        for (int length : lengths) {
            counts[length]++;
        }
        int used = lengths.length - counts[0];
        counts[0] = 0;
        int free = 1;
        for (int length = 1; length <= LONGEST && free >= 0; length++) {
            free = 2 * free - counts[length];
        }
        if (used == 0 || (used > 1 && free != 0)) {
            throw new IIOException("the WebP is malformed: a prefix code is not complete");
        }
        symbols = new int[used];
        int[] next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + counts[length];
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = symbol;
            }
        }
    }

    static PrefixCode read(BitReader bits, int alphabet) throws IOException {
        return new PrefixCode(bits.read(1) == 1 ? simpleLengths(bits, alphabet) : lengths(bits, alphabet));
    }

    private static int[] simpleLengths(BitReader bits, int alphabet) throws IOException {
        boolean two = bits.read(1) == 1;
        int first = bits.read(bits.read(1) == 1 ? 8 : 1);
        int second = two ? bits.read(8) : first;
        if (Math.max(first, second) >= alphabet || (two && first >= second)) {
            throw new IIOException("the WebP is malformed: a prefix code has the symbols " + first + ", " + second);
        }
        int[] lengths = new int[alphabet];
        lengths[first] = 1;
        lengths[second] = 1;
        return lengths;
    }

    private static int[] lengths(BitReader bits, int alphabet) throws IOException {
        int[] ofLengths = new int[LENGTH_ORDER.length];
        int given = 4 + bits.read(4);
        for (int i = 0; i < given; i++) {
            ofLengths[LENGTH_ORDER[i]] = bits.read(3);
        }
        var code = new PrefixCode(ofLengths);
        int left = bits.read(1) == 1 ? 2 + bits.read(2 + 2 * bits.read(3)) : alphabet;
        int[] lengths = new int[alphabet];
        int previous = 8;
        for (int at = 0; at < alphabet && left > 0; left--) {
            int symbol = code.next(bits);
            if (symbol < 16) {
                lengths[at++] = symbol;
                previous = symbol == 0 ? previous : symbol;
                continue;
            }
            int repeat = switch (symbol) {
                case 16 -> 3 + bits.read(2);
                case 17 -> 3 + bits.read(3);
                default -> 11 + bits.read(7);
            };
            if (repeat > alphabet - at) {
                throw new IIOException("the WebP is malformed: a prefix code has too many lengths");
            }
            Arrays.fill(lengths, at, at + repeat, symbol == 16 ? previous : 0);
            at += repeat;
        }
        return lengths;
    }

    /** Reads the next symbol; one that is alone takes no bits. */
    int next(BitReader bits) throws IOException {
        if (symbols.length == 1) {
            return symbols[0];
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; ; length++) {
            code = code << 1 | bits.read(1);
            first <<= 1;
            if (code - first < counts[length]) {
                return symbols[index + code - first];
            }
            index += counts[length];
            first += counts[length];
        }
    }
}
