package dev.perennial.data.official;

import dev.perennial.clip.guard.BoundedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads MATLAB files of level 5 (MathWorks, "MAT-File Format"): numbers, text, cells and structs, packed or not. Memory is bounded by
 * limits on the file and on what it unpacks to.
 */
final class MatFile {
    private static final int HEADER = 128;
    /** The largest of the data sets here has less than a megabyte; a number takes up to eight times its bytes in memory. */
    private static final int MAX_FILE = 16 << 20;

    private static final int MAX_UNPACKED = 16 << 20;
    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_DEPTH = 16;

    private static final int MATRIX = 14;
    private static final int COMPRESSED = 15;
    private static final int CELL_CLASS = 1;
    private static final int STRUCT_CLASS = 2;
    private static final int CHAR_CLASS = 4;
    private static final int FIRST_NUMERIC_CLASS = 6;
    private static final int LAST_NUMERIC_CLASS = 15;

    private final Map<String, MatValue> variables = new LinkedHashMap<>();
    private int unpacked;

    /** A type and the bytes of that type. */
    private record Element(int type, ByteBuffer data) {}

    private MatFile() {}

    /**
     * Returns the variables of a file by name.
     *
     * @throws IllegalArgumentException if it cannot be read or is damaged
     */
    static Map<String, MatValue> read(Path file) {
        try {
            var mat = new MatFile();
            mat.readAll(ByteBuffer.wrap(BoundedFile.bytes(file, MAX_FILE)));
            return mat.variables;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read (" + e.getMessage() + ")", e);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException(file + ": is cut off; fetch it again", e);
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ": is no whole MATLAB file of level 5 (" + e.getMessage() + "); fetch it again", e);
        }
    }

    private void readAll(ByteBuffer file) throws DataFormatException {
        if (file.remaining() < HEADER) {
            throw new BufferUnderflowException();
        }
        boolean little = file.get(HEADER - 2) == 'I' && file.get(HEADER - 1) == 'M';
        file.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).position(HEADER);
        while (file.hasRemaining()) {
            Element element = next(file);
            if (element.type() == COMPRESSED) {
                element = next(inflate(element.data()));
            }
            if (element.type() == MATRIX) {
                matrix(element.data(), 0);
            }
        }
    }

    private ByteBuffer inflate(ByteBuffer packed) throws DataFormatException {
        try (var inflater = new Inflater()) {
            inflater.setInput(packed.duplicate());
            var out = new ByteArrayOutputStream();
            byte[] chunk = new byte[1 << 16];
            for (int count = inflater.inflate(chunk); count > 0; count = inflater.inflate(chunk)) {
                unpacked += count;
                if (unpacked > MAX_UNPACKED) {
                    throw new IllegalArgumentException("unpacks to more than " + MAX_UNPACKED + " bytes");
                }
                out.write(chunk, 0, count);
            }
            return ByteBuffer.wrap(out.toByteArray()).order(packed.order());
        }
    }

    private static Element next(ByteBuffer in) {
        int tag = in.getInt();
        if (tag >>> 16 != 0) {
            // The small form: size and type share a word, the data follow in the next.
            int start = in.position();
            Element small = new Element(tag & 0xffff, slice(in, start, tag >>> 16));
            in.position(Math.addExact(start, 4));
            return small;
        }
        int size = in.getInt();
        int start = in.position();
        Element element = new Element(tag, slice(in, start, size));
        int padded = tag == COMPRESSED ? size : (size + 7) & ~7;
        in.position(Math.min(in.limit(), start + padded));
        return element;
    }

    private static ByteBuffer slice(ByteBuffer in, int start, int size) {
        if (size < 0 || size > in.limit() - start) {
            throw new BufferUnderflowException();
        }
        return in.slice(start, size).order(in.order());
    }

    private MatValue matrix(ByteBuffer in, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nests its values more than " + MAX_DEPTH + " deep");
        }
        if (!in.hasRemaining()) {
            return new MatValue.Cells(List.of());
        }
        int type = next(in).data().getInt() & 0xff;
        double[] sizes = numbers(next(in));
        String name = ascii(next(in).data());
        double count = 1;
        for (double size : sizes) {
            count *= size;
        }
        // Even an empty value takes eight bytes.
        boolean nested = type == CELL_CLASS || type == STRUCT_CLASS;
        if (!(count >= 0) || (nested && count > in.remaining() / 8.0)) {
            throw new IllegalArgumentException("announces " + count + " values");
        }
        MatValue value = value(type, (int) count, in, depth);
        if (depth == 0) {
            variables.put(name, value);
        }
        return value;
    }

    private MatValue value(int type, int count, ByteBuffer in, int depth) {
        if (type == CELL_CLASS) {
            List<MatValue> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(matrix(next(in).data(), depth + 1));
            }
            return new MatValue.Cells(items);
        }
        if (type == STRUCT_CLASS) {
            return structs(count, in, depth);
        }
        if (type == CHAR_CLASS) {
            return new MatValue.Text(text(next(in)));
        }
        return type >= FIRST_NUMERIC_CLASS && type <= LAST_NUMERIC_CLASS
                ? new MatValue.Numbers(numbers(next(in)))
                : new MatValue.Other();
    }

    private MatValue structs(int count, ByteBuffer in, int depth) {
        int width = next(in).data().getInt();
        ByteBuffer names = next(in).data();
        Map<String, List<MatValue>> fields = new LinkedHashMap<>();
        for (int from = 0; width > 0 && from + width <= names.limit(); from += width) {
            fields.put(ascii(names.slice(from, width)), new ArrayList<>());
            if (fields.size() > MAX_FIELDS) {
                throw new IllegalArgumentException("has a struct of more than " + MAX_FIELDS + " fields");
            }
        }
        for (int i = 0; i < count; i++) {
            for (List<MatValue> values : fields.values()) {
                values.add(matrix(next(in).data(), depth + 1));
            }
        }
        return new MatValue.Structs(fields);
    }

    private static String ascii(ByteBuffer bytes) {
        String text = StandardCharsets.US_ASCII.decode(bytes).toString();
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private static String text(Element element) {
        return switch (element.type()) {
            case 1, 2, 16 -> StandardCharsets.UTF_8.decode(element.data()).toString();
            case 4, 17 ->
                (element.data().order() == ByteOrder.LITTLE_ENDIAN
                                ? StandardCharsets.UTF_16LE
                                : StandardCharsets.UTF_16BE)
                        .decode(element.data())
                        .toString();
            default -> throw new IllegalArgumentException("has text of type " + element.type());
        };
    }

    /** Numbers are stored in the smallest type that holds them, whatever the class of their matrix. */
    private static double[] numbers(Element element) {
        ByteBuffer data = element.data();
        int width = switch (element.type()) {
            case 1, 2 -> 1;
            case 3, 4 -> 2;
            case 5, 6, 7 -> 4;
            case 9, 12, 13 -> 8;
            default -> throw new IllegalArgumentException("has numbers of type " + element.type());
        };
        double[] values = new double[data.remaining() / width];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (element.type()) {
                case 1 -> data.get();
                case 2 -> data.get() & 0xff;
                case 3 -> data.getShort();
                case 4 -> data.getShort() & 0xffff;
                case 5 -> data.getInt();
                case 6 -> data.getInt() & 0xffffffffL;
                case 7 -> data.getFloat();
                case 9 -> data.getDouble();
                default -> data.getLong();
            };
        }
        return values;
    }
}
