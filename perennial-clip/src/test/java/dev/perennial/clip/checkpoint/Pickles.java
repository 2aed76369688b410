package dev.perennial.clip.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, well-formed ones and others. */
final class Pickles {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Pickles start() {
        return new Pickles().raw(0x80, 2);
    }

    Pickles raw(int... opcodes) {
        for (int opcode : opcodes) {
            bytes.write(opcode);
        }
        return this;
    }

    Pickles op(String opcodes) {
        bytes.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Pickles text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        op("X").int32(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    Pickles whole(long value) {
        if (value == (int) value) {
            return op("J").int32((int) value);
        }
        raw(0x8a, 8);
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    Pickles int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    Pickles global(String module, String name) {
        return op("c" + module + "\n" + name + "\n");
    }

    /** A float32 tensor over a storage of its own. */
    Pickles tensor(String key, long elements, long offset, long[] shape, long[] strides) {
        return tensor("FloatStorage", key, elements, offset, shape, strides);
    }

    Pickles tensor(String storage, String key, long elements, long offset, long[] shape, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op("(");
        op("(").text("storage")
                .global("torch", storage)
                .text(key)
                .text("cuda:7")
                .whole(elements)
                .op("tQ");
        whole(offset).tuple(shape).tuple(strides);
        return raw(0x89).global("collections", "OrderedDict").op(")RtR");
    }

    Pickles tuple(long... numbers) {
        op("(");
        for (long number : numbers) {
            whole(number);
        }
        return op("t");
    }

    byte[] stop() {
        return op(".").bytes.toByteArray();
    }

    byte[] unfinished() {
        return bytes.toByteArray();
    }
}
