package dev.perennial.benchmarks.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message under construction; fields are written in the order in which they were added.
 *
 * <p>Sizes are known before anything is written, so that weights stream to the file one at a time.
 */
final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final List<Part> parts = new ArrayList<>();
    private long size;

    /** Something that writes exactly the bytes that were announced for it. */
    @FunctionalInterface
    interface Part {
        void writeTo(OutputStream out) throws IOException;
    }

    ProtoMessage number(int field, long value) {
        return tag(field, VARINT).append(varint(value));
    }

    ProtoMessage float32(int field, float value) {
        return tag(field, FIXED_32)
                .append(ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(value)
                        .array());
    }

    ProtoMessage text(int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(field, bytes.length, out -> out.write(bytes));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.size, value::writeTo);
    }

    /** Adds a field of this many bytes, produced when the message is written. */
    ProtoMessage bytes(int field, long length, Part content) {
        tag(field, LENGTH_DELIMITED).append(varint(length));
        parts.add(content);
        size += length;
        return this;
    }

    /** Adds all fields of another message to this one. */
    ProtoMessage embed(ProtoMessage other) {
        parts.add(other::writeTo);
        size += other.size;
        return this;
    }

    void writeTo(OutputStream out) throws IOException {
        for (Part part : parts) {
            part.writeTo(out);
        }
    }

    private ProtoMessage tag(int field, int wireType) {
        return append(varint((long) field << 3 | wireType));
    }

    private ProtoMessage append(byte[] bytes) {
        parts.add(out -> out.write(bytes));
        size += bytes.length;
        return this;
    }

    private static byte[] varint(long value) {
        int length = Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(value), 7));
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long group = value >>> (7 * i) & 0x7f;
            bytes[i] = (byte) (i < length - 1 ? group | 0x80 : group);
        }
        return bytes;
    }
}
