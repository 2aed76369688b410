package dev.perennial.run.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads event files by the published messages, and forgets what a restart takes back, as TensorBoard does. */
public final class EventReader {
    private static final Descriptor EVENT = descriptor();

    private EventReader() {}

    /**
     * An event.
     *
     * @param session status of a session log, if it is one
     */
    public record Event(double time, long step, String version, Optional<Integer> session, Map<String, Float> values) {}

    /** Reads the events of a file up to its end or a torn record. */
    public static List<Event> read(Path file) {
        ByteBuffer bytes = bytes(file);
        List<Event> events = new ArrayList<>();
        while (bytes.remaining() >= Long.BYTES + Integer.BYTES) {
            int start = bytes.position();
            long length = bytes.getLong();
            assertThat(bytes.getInt()).as("checksum of the length").isEqualTo(masked(bytes, start, Long.BYTES));
            if (bytes.remaining() < length + Integer.BYTES) {
                return events;
            }
            byte[] message = new byte[(int) length];
            start = bytes.position();
            bytes.get(message);
            assertThat(bytes.getInt()).as("checksum of the event").isEqualTo(masked(bytes, start, (int) length));
            events.add(event(message));
        }
        return events;
    }

    /** Returns the values of a folder by tag and step, those that a restart took back left out. */
    public static Map<String, Map<Long, Float>> series(Path folder) {
        SequencedMap<String, TreeMap<Long, Float>> series = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted().flatMap(file -> read(file).stream()).forEach(event -> {
                if (event.session().isPresent()) {
                    series.values().forEach(steps -> steps.tailMap(event.step()).clear());
                }
                event.values()
                        .forEach((tag, value) -> series.computeIfAbsent(tag, _ -> new TreeMap<>())
                                .put(event.step(), value));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(series);
    }

    private static Event event(byte[] bytes) {
        try {
            DynamicMessage event = DynamicMessage.parseFrom(EVENT, bytes);
            assertThat(event.getUnknownFields().asMap()).isEmpty();
            Map<String, Float> values = new LinkedHashMap<>();
            if (has(event, "summary")) {
                for (Object entry : (List<?>) get((DynamicMessage) get(event, "summary"), "value")) {
                    DynamicMessage value = (DynamicMessage) entry;
                    values.put((String) get(value, "tag"), (Float) get(value, "simple_value"));
                }
            }
            Optional<Integer> session = has(event, "session_log")
                    ? Optional.of((Integer) get((DynamicMessage) get(event, "session_log"), "status"))
                    : Optional.empty();
            return new Event(
                    (Double) get(event, "wall_time"),
                    (Long) get(event, "step"),
                    (String) get(event, "file_version"),
                    session,
                    values);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object get(DynamicMessage message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    private static boolean has(DynamicMessage message, String field) {
        return message.hasField(message.getDescriptorForType().findFieldByName(field));
    }

    /** ((crc >> 15) | (crc << 17)) + 0xa282ead8, as tensorflow/core/lib/hash/crc32c.h has it. */
    private static int masked(ByteBuffer bytes, int start, int length) {
        var sum = new CRC32C();
        sum.update(bytes.slice(start, length));
        long crc = sum.getValue();
        return (int) (((crc >> 15 | crc << 17) & 0xffffffffL) + 0xa282ead8L);
    }

    private static ByteBuffer bytes(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields of event.proto and summary.proto that scalars need, by their published numbers; enums are read as numbers. */
    private static Descriptor descriptor() {
        var file = FileDescriptorProto.newBuilder()
                .setName("event.proto")
                .setSyntax("proto3")
                .addMessageType(message(
                        "Event",
                        field("wall_time", 1, FieldDescriptorProto.Type.TYPE_DOUBLE),
                        field("step", 2, FieldDescriptorProto.Type.TYPE_INT64),
                        field("file_version", 3, FieldDescriptorProto.Type.TYPE_STRING),
                        field("summary", 5, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setTypeName("Summary"),
                        field("session_log", 7, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setTypeName("SessionLog")))
                .addMessageType(message("SessionLog", field("status", 1, FieldDescriptorProto.Type.TYPE_INT32)))
                .addMessageType(message(
                        "Summary",
                        field("value", 1, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setTypeName("Value")
                                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)))
                .addMessageType(message(
                        "Value",
                        field("tag", 1, FieldDescriptorProto.Type.TYPE_STRING),
                        field("simple_value", 2, FieldDescriptorProto.Type.TYPE_FLOAT)));
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]).findMessageTypeByName("Event");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DescriptorProto message(String name, FieldDescriptorProto.Builder... fields) {
        var message = DescriptorProto.newBuilder().setName(name);
        for (FieldDescriptorProto.Builder field : fields) {
            message.addField(field);
        }
        return message.build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }
}
