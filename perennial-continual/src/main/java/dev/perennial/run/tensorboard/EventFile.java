package dev.perennial.run.tensorboard;

import com.google.protobuf.CodedOutputStream;
import dev.perennial.clip.checkpoint.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * An event file of TensorBoard: TFRecords of {@code Event} messages (tensorboard/compat/proto/event.proto and summary.proto).
 *
 * <p>Every record is handed to the system as a whole, so that a process that ends at any moment leaves at most one torn record at the
 * end, where TensorBoard stops reading and goes on with the next file.
 */
public final class EventFile {
    private static final String VERSION = "brain.Event:2";

    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int SESSION_STATUS = 1;
    private static final int SESSION_STARTED = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private final Path file;

    private EventFile(Path file) {
        this.file = file;
    }

    /**
     * Creates the file that comes after all event files of a folder; TensorBoard reads them in the order of their names.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static EventFile create(Path folder) {
        try {
            Files.createDirectories(folder);
            try (var others = Files.list(folder)) {
                Path path = folder.resolve("events.out.tfevents.%05d.perennial".formatted(others.count()));
                Files.createFile(path);
                var file = new EventFile(path);
                file.append(0, out -> out.writeString(FILE_VERSION, VERSION));
                return file;
            }
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** Says that a process begins at a step: TensorBoard forgets what earlier files of the folder have from this step on. */
    public void start(long step) {
        append(
                step,
                out -> out.writeByteArray(
                        SESSION_LOG, message(session -> session.writeEnum(SESSION_STATUS, SESSION_STARTED))));
    }

    /** Adds values by tag. */
    public void scalars(long step, Map<String, Double> values) {
        append(
                step,
                out -> out.writeByteArray(SUMMARY, message(summary -> {
                    for (Map.Entry<String, Double> value : values.entrySet()) {
                        summary.writeByteArray(SUMMARY_VALUE, message(scalar -> {
                            scalar.writeString(VALUE_TAG, value.getKey());
                            scalar.writeFloat(VALUE_SIMPLE, value.getValue().floatValue());
                        }));
                    }
                })));
    }

    private void append(long step, Fields what) {
        try {
            byte[] event = message(out -> {
                out.writeDouble(WALL_TIME, System.currentTimeMillis() / 1e3);
                if (step != 0) {
                    out.writeInt64(STEP, step);
                }
                what.writeTo(out);
            });
            Files.write(file, record(event), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Frames a message: its length, the checksum of the length, the message, its checksum; all little-endian. */
    private static byte[] record(byte[] message) {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + message.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(message.length);
        record.putInt(masked(record.array(), Long.BYTES));
        return record.put(message).putInt(masked(message, message.length)).array();
    }

    /** CRC-32C, turned and shifted, because a checksum of data that hold checksums is weak. */
    private static int masked(byte[] bytes, int length) {
        var sum = new CRC32C();
        sum.update(bytes, 0, length);
        return Integer.rotateRight((int) sum.getValue(), 15) + 0xa282ead8;
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        fields.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static UncheckedIOException failed(Path path, IOException e) {
        return new UncheckedIOException(
                path + ": values for TensorBoard cannot be written (" + DurableFile.reason(e) + ")", e);
    }

    /** Writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }
}
