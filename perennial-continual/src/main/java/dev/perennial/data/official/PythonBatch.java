package dev.perennial.data.official;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary in a pickle of protocol 2, as CIFAR's batches are: texts, numbers, lists and arrays of bytes. It is parsed as data and
 * nothing in it is executed; every other opcode and every name outside numpy's arrays is refused.
 */
final class PythonBatch {
    private static final int MAX_OPCODES = 4_000_000;
    private static final int MAX_NAME = 256;

    private final Path file;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    /** Python's {@code None}. */
    private static final Object NONE = new Object();

    /** A name of numpy's. */
    private record Name(String text) {}

    /** A numpy array or type that is being made; its state holds its bytes. */
    private static final class Made {
        private @Nullable Object state;
    }

    private PythonBatch(Path file, ByteBuffer in) {
        this.file = file;
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is damaged or holds anything else
     */
    static PythonBatch read(Path file) {
        var batch = new PythonBatch(file, Cifar100.mapped(file));
        try {
            batch.run();
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | NoSuchElementException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw batch.fault("is cut off or damaged", e);
        }
        return batch;
    }

    /** Returns the bytes of an array. */
    ByteBuffer bytes(String key) {
        // The state of an array: version, shape, type, whether it is stored by columns, bytes.
        if (value(key) instanceof Made made
                && made.state instanceof List<?> state
                && state.size() == 5
                && Boolean.FALSE.equals(state.get(3))
                && state.get(4) instanceof ByteBuffer data) {
            return data;
        }
        throw fault("holds no array of bytes named " + key, null);
    }

    /** Returns a list of whole numbers. */
    int[] integers(String key) {
        if (value(key) instanceof List<?> items && items.stream().allMatch(Integer.class::isInstance)) {
            return items.stream().mapToInt(Integer.class::cast).toArray();
        }
        throw fault("holds no list of numbers named " + key, null);
    }

    /** Returns a list of texts. */
    List<String> texts(String key) {
        if (value(key) instanceof List<?> items && items.stream().allMatch(ByteBuffer.class::isInstance)) {
            return items.stream().map(item -> ascii((ByteBuffer) item)).toList();
        }
        throw fault("holds no list of texts named " + key, null);
    }

    private @Nullable Object value(String key) {
        return stack.size() == 1 && stack.getFirst() instanceof Map<?, ?> entries ? entries.get(key) : null;
    }

    private void run() {
        if (in.get() != (byte) 0x80 || in.get() != 2) {
            throw fault("is no pickle of protocol 2", null);
        }
        for (int count = 0; count < MAX_OPCODES; count++) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') {
                return;
            }
            execute(opcode);
        }
        throw fault("has more than " + MAX_OPCODES + " opcodes", null);
    }

    private void execute(int opcode) {
        switch (opcode) {
            case 'N' -> stack.add(NONE);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'K' -> stack.add(in.get() & 0xff);
            case 'M' -> stack.add(in.getShort() & 0xffff);
            case 'J' -> stack.add(in.getInt());
            case 'U' -> stack.add(take(in.get() & 0xff));
            case 'T', 'X' -> stack.add(take(in.getInt()));
            case ')' -> stack.add(List.of());
            case ']' -> stack.add(new ArrayList<>());
            case '}' -> stack.add(new LinkedHashMap<>());
            case '(' -> marks.add(stack.size());
            case 't' -> stack.add(popToMark());
            case 0x85 -> stack.add(popLast(1));
            case 0x86 -> stack.add(popLast(2));
            case 0x87 -> stack.add(popLast(3));
            case 'a' -> append(popLast(1));
            case 'e' -> append(popToMark());
            case 's' -> put(popLast(2));
            case 'u' -> put(popToMark());
            case 'q' -> memo.put(in.get() & 0xff, stack.getLast());
            case 'r' -> memo.put(in.getInt(), stack.getLast());
            case 'h' -> stack.add(recall(in.get() & 0xff));
            case 'j' -> stack.add(recall(in.getInt()));
            case 'c' -> stack.add(name(line() + "." + line()));
            case 'R' -> {
                if (!(popLast(2).getFirst() instanceof Name)) {
                    throw fault("calls something that is no part of an array", null);
                }
                stack.add(new Made());
            }
            case 'b' -> {
                Object state = stack.removeLast();
                if (!(stack.getLast() instanceof Made made)) {
                    throw fault("sets the state of something that is no part of an array", null);
                }
                made.state = state;
            }
            default -> throw fault("uses opcode 0x" + Integer.toHexString(opcode) + ", which no CIFAR batch has", null);
        }
    }

    private Name name(String qualified) {
        return switch (qualified) {
            case "numpy.core.multiarray._reconstruct",
                    "numpy._core.multiarray._reconstruct",
                    "numpy.ndarray",
                    "numpy.dtype" -> new Name(qualified);
            default -> throw fault("names '" + qualified + "', which is no part of an array; nothing was run", null);
        };
    }

    @SuppressWarnings("unchecked") // What is appended to is a list of this reader's own.
    private void append(List<Object> items) {
        ((List<Object>) stack.getLast()).addAll(items);
    }

    @SuppressWarnings("unchecked") // What is put into is a map of this reader's own.
    private void put(List<Object> keysAndValues) {
        Map<Object, Object> entries = (Map<Object, Object>) stack.getLast();
        for (int i = 0; i + 1 < keysAndValues.size(); i += 2) {
            // Other keys could take for ever to hash: a list that holds itself, or one that doubles at each level.
            if (!(keysAndValues.get(i) instanceof ByteBuffer text) || text.remaining() > MAX_NAME) {
                throw fault("has a key that is no short text", null);
            }
            entries.put(ascii(text), keysAndValues.get(i + 1));
        }
    }

    private Object recall(int index) {
        Object value = memo.get(index);
        if (value == null) {
            throw fault("recalls what it never stored", null);
        }
        return value;
    }

    private List<Object> popToMark() {
        return popFrom(marks.removeLast());
    }

    private List<Object> popLast(int count) {
        return popFrom(stack.size() - count);
    }

    private List<Object> popFrom(int index) {
        List<Object> tail = stack.subList(index, stack.size());
        List<Object> items = List.copyOf(tail);
        tail.clear();
        return items;
    }

    private ByteBuffer take(int count) {
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer taken = in.slice(in.position(), count);
        in.position(in.position() + count);
        return taken;
    }

    private String line() {
        var line = new StringBuilder();
        for (byte next = in.get(); next != '\n'; next = in.get()) {
            line.append((char) next);
            if (line.length() > MAX_NAME) {
                throw fault("has a name of more than " + MAX_NAME + " characters", null);
            }
        }
        return line.toString();
    }

    private static String ascii(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    private IllegalArgumentException fault(String fault, @Nullable Throwable cause) {
        return new IllegalArgumentException(file + ": " + fault + "; fetch it again", cause);
    }
}
