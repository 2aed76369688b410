package dev.perennial.clip.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * The 256 printable characters that stand for bytes in the tokens of GPT-2 and CLIP.
 *
 * <p>Printable Latin-1 characters stand for themselves; the other 68 bytes take U+0100, U+0101, ... in their order.
 * Ids follow the alphabet's own order: first the printable ones, then the others.
 */
final class ByteAlphabet {
    /** Closes the last token of a word. */
    static final String END_OF_WORD = "</w>";

    private static final int[] BYTES = IntStream.concat(
                    all().filter(ByteAlphabet::printable), all().filter(b -> !printable(b)))
            .toArray();
    private static final char[] SYMBOLS = new char[256];
    private static final int[] BYTE_OF_SYMBOL = new int[0x144];

    static {
        int shifted = 0x100;
        for (int b : BYTES) {
            SYMBOLS[b] = (char) (printable(b) ? b : shifted++);
            BYTE_OF_SYMBOL[SYMBOLS[b]] = b;
        }
    }

    private ByteAlphabet() {}

    /** Returns the bytes 0 to 255 in the order in which their symbols get ids. */
    static IntStream bytesInIdOrder() {
        return IntStream.of(BYTES);
    }

    /** Returns the symbol of a byte between 0 and 255. */
    static String symbol(int unsignedByte) {
        return String.valueOf(SYMBOLS[unsignedByte]);
    }

    /** Returns the symbols of the text's UTF-8 bytes. */
    static String symbols(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var symbols = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            symbols.append(SYMBOLS[b & 0xff]);
        }
        return symbols.toString();
    }

    /** Writes the bytes that the symbols stand for; characters outside the alphabet are written as UTF-8. */
    static void writeBytes(String symbols, ByteArrayOutputStream out) {
        symbols.codePoints().forEach(c -> {
            if (c < BYTE_OF_SYMBOL.length && (BYTE_OF_SYMBOL[c] != 0 || c == SYMBOLS[0])) {
                out.write(BYTE_OF_SYMBOL[c]);
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static IntStream all() {
        return IntStream.range(0, 256);
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xff && b != 0xad);
    }
}
