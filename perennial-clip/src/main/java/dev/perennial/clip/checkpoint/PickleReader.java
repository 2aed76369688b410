package dev.perennial.clip.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pickle machine that knows only what PyTorch writes for weights (protocol 2) and executes nothing.
 *
 * <p>Every opcode and every name that is not needed is refused. Work and memory are bounded by the number of opcodes and of values
 * copied from one collection into another, which a memo can make happen again and again.
 */
final class PickleReader {
    private static final int MAX_OPCODES = 1_000_000;
    private static final int MAX_COPIES = 4_000_000;
    private static final Pickled.None NONE = new Pickled.None();
    private static final Pickled.Tuple EMPTY_TUPLE = new Pickled.Tuple(List.of());

    private final ByteBuffer bytes;
    private final List<Pickled> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Pickled> memo = new HashMap<>();
    private int copies;

    private PickleReader(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns the one value of a pickle.
     *
     * @throws PickleException if it is damaged or holds anything but plain data and tensors
     */
    static Pickled read(ByteBuffer pickle) {
        return new PickleReader(pickle).run();
    }

    private Pickled run() {
        if (take(1).get() != (byte) 0x80 || take(1).get() != 2) {
            throw new PickleException("is not a pickle of protocol 2; save it again with torch.save's own default");
        }
        for (int count = 0; count < MAX_OPCODES; count++) {
            char opcode = (char) (take(1).get() & 0xFF);
            if (opcode == '.') {
                Pickled result = pop();
                if (!stack.isEmpty() || !marks.isEmpty() || bytes.hasRemaining()) {
                    throw new PickleException("goes on after its end");
                }
                return result;
            }
            execute(opcode);
        }
        throw new PickleException("has more than " + MAX_OPCODES + " opcodes, far more than weights need");
    }

    private void execute(char opcode) {
        switch (opcode) {
            case 'N' -> stack.add(NONE);
            case 0x88 -> stack.add(new Pickled.Truth(true));
            case 0x89 -> stack.add(new Pickled.Truth(false));
            case 'K' -> stack.add(new Pickled.Whole(take(1).get() & 0xFF));
            case 'M' -> stack.add(new Pickled.Whole(take(2).getShort() & 0xFFFF));
            case 'J' -> stack.add(new Pickled.Whole(take(4).getInt()));
            case 0x8a -> stack.add(new Pickled.Whole(longInteger(take(1).get() & 0xFF)));
            case 'G' ->
                stack.add(new Pickled.Real(take(8).order(ByteOrder.BIG_ENDIAN).getDouble()));
            case 'X' -> stack.add(new Pickled.Text(utf8(take(take(4).getInt()))));
            case 'U' -> stack.add(new Pickled.Text(utf8(take(take(1).get() & 0xFF))));
            case ')' -> stack.add(EMPTY_TUPLE);
            case ']' -> stack.add(new Pickled.Sequence());
            case '}' -> stack.add(new Pickled.Mapping());
            case '(' -> marks.add(stack.size());
            case 't' -> stack.add(new Pickled.Tuple(popToMark()));
            case 0x85 -> stack.add(new Pickled.Tuple(popLast(1)));
            case 0x86 -> stack.add(new Pickled.Tuple(popLast(2)));
            case 0x87 -> stack.add(new Pickled.Tuple(popLast(3)));
            case 'a' -> append(popLast(1));
            case 'e' -> append(popToMark());
            case 's' -> put(popLast(2));
            case 'u' -> put(popToMark());
            case 'q' -> memo.put(take(1).get() & 0xFF, top());
            case 'r' -> memo.put(take(4).getInt(), top());
            case 'h' -> stack.add(recall(take(1).get() & 0xFF));
            case 'j' -> stack.add(recall(take(4).getInt()));
            case 'c' -> stack.add(PickleGlobals.allowed(line(), line()));
            case 'Q' -> stack.add(PickleGlobals.storage(pop()));
            case 'R' -> {
                Pickled.Tuple arguments = pop(Pickled.Tuple.class);
                arguments.items().forEach(this::countCopies);
                stack.add(PickleGlobals.call(pop(Pickled.Global.class), arguments.items()));
            }
            case 0x81 -> {
                Pickled.Tuple arguments = pop(Pickled.Tuple.class);
                stack.add(PickleGlobals.instance(pop(Pickled.Global.class), arguments.items()));
            }
            case 'b' -> build(pop());
            default ->
                throw new PickleException("uses opcode 0x" + Integer.toHexString(opcode) + " at byte "
                        + (bytes.position() - 1) + ", which PyTorch does not write for weights");
        }
    }

    /** Sets the attributes of a TorchScript object; those of a dictionary are PyTorch's version notes and carry no weights. */
    private void build(Pickled state) {
        countCopies(state);
        switch (top()) {
            case Pickled.Instance instance ->
                instance.attributes.entries.putAll(PickleGlobals.cast(state, Pickled.Mapping.class).entries);
            case Pickled.Mapping _ -> PickleGlobals.cast(state, Pickled.Mapping.class);
            default -> throw new PickleException("sets the state of a " + PickleGlobals.kind(top()));
        }
    }

    private void countCopies(Pickled source) {
        copies += switch (source) {
            case Pickled.Sequence sequence -> sequence.items.size();
            case Pickled.Mapping mapping -> mapping.entries.size();
            default -> 0;
        };
        if (copies > MAX_COPIES) {
            throw new PickleException("copies more than " + MAX_COPIES + " values, far more than weights need");
        }
    }

    private void append(List<Pickled> items) {
        PickleGlobals.cast(top(), Pickled.Sequence.class).items.addAll(items);
    }

    private void put(List<Pickled> keysAndValues) {
        Pickled.Mapping mapping = PickleGlobals.cast(top(), Pickled.Mapping.class);
        if (keysAndValues.size() % 2 != 0) {
            throw new PickleException("has a key without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            PickleGlobals.put(mapping, keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }

    private Pickled recall(int index) {
        Pickled value = memo.get(index);
        if (value == null) {
            throw new PickleException("recalls value " + index + ", which it never stored");
        }
        return value;
    }

    private Pickled top() {
        return stack.get(requireAboveMark(1));
    }

    private Pickled pop() {
        return stack.remove(requireAboveMark(1));
    }

    private <T extends Pickled> T pop(Class<T> type) {
        return PickleGlobals.cast(pop(), type);
    }

    private List<Pickled> popLast(int count) {
        return popFrom(requireAboveMark(count));
    }

    private List<Pickled> popToMark() {
        if (marks.isEmpty()) {
            throw new PickleException("closes a group that it never opened");
        }
        return popFrom(marks.removeLast());
    }

    private List<Pickled> popFrom(int index) {
        List<Pickled> tail = stack.subList(index, stack.size());
        List<Pickled> items = List.copyOf(tail);
        tail.clear();
        return items;
    }

    private int requireAboveMark(int count) {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - count < floor) {
            throw new PickleException("takes more values than it has");
        }
        return stack.size() - count;
    }

    private ByteBuffer take(int count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new PickleException("ends in the middle of a value");
        }
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + count);
        return taken;
    }

    private long longInteger(int length) {
        if (length > 8) {
            throw new PickleException("has an integer of more than 64 bits");
        }
        ByteBuffer encoded = take(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = i == length - 1 ? encoded.get(i) : (value << 8) | (encoded.get(i) & 0xFF);
        }
        return value;
    }

    private String line() {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        String line = utf8(take(end - bytes.position()));
        take(1);
        return line;
    }

    private static String utf8(ByteBuffer encoded) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("has text that is not UTF-8");
        }
    }
}
