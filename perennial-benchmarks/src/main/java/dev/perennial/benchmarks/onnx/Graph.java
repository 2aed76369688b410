package dev.perennial.benchmarks.onnx;

import dev.perennial.clip.tensor.Tensors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/** An ONNX graph under construction (operator set 17); values are referred to by name. */
final class Graph {
    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 17;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final ProtoMessage nodes = new ProtoMessage();
    private final ProtoMessage initializers = new ProtoMessage();
    private final ProtoMessage ends = new ProtoMessage();
    private final Set<String> constants = new HashSet<>();
    private int values;

    /** Declares a float32 input; a size of 0 is left open. */
    String floatInput(String name, long... shape) {
        ends.message(11, valueInfo(name, FLOAT, shape));
        return name;
    }

    /** Declares an int64 input; a size of 0 is left open. */
    String integerInput(String name, long... shape) {
        ends.message(11, valueInfo(name, INT64, shape));
        return name;
    }

    /** Declares a value to be the float32 output. */
    void output(String name, long... shape) {
        ends.message(12, valueInfo(name, FLOAT, shape));
    }

    /** Adds a constant with the values of a tensor, which must live until the graph is written. */
    String constant(String name, Tensor tensor) {
        if (constants.add(name)) {
            long bytes = tensor.numel() * Float.BYTES;
            initializers.message(
                    5, tensorHeader(name, FLOAT, tensor.shape()).bytes(9, bytes, out -> writeFloats(tensor, out)));
        }
        return name;
    }

    /** Adds an integer vector. */
    String integers(long... elements) {
        String name = "integers " + Arrays.toString(elements);
        if (constants.add(name)) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(elements.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asLongBuffer().put(elements);
            initializers.message(
                    5,
                    tensorHeader(name, INT64, elements.length)
                            .bytes(9, buffer.capacity(), out -> out.write(buffer.array())));
        }
        return name;
    }

    /** Adds a scalar. */
    String scalar(double value) {
        String name = "scalar " + value;
        if (constants.add(name)) {
            initializers.message(5, tensorHeader(name, FLOAT).float32(4, (float) value));
        }
        return name;
    }

    /** Adds a node with one output and returns the output's name. */
    String node(String operator, List<String> inputs, Attribute... attributes) {
        return node(operator, inputs, 1, attributes).getFirst();
    }

    /** Adds a node and returns its outputs' names. */
    List<String> node(String operator, List<String> inputs, int outputs, Attribute... attributes) {
        ProtoMessage node = new ProtoMessage();
        inputs.forEach(input -> node.text(1, input));
        String[] names = new String[outputs];
        for (int i = 0; i < outputs; i++) {
            names[i] = operator + " " + values++;
            node.text(2, names[i]);
        }
        node.text(3, names[0]).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.encoded());
        }
        nodes.message(1, node);
        return List.of(names);
    }

    /** Writes the model to a file. */
    void write(Path file) {
        ProtoMessage graph = new ProtoMessage();
        graph.embed(nodes).text(2, "clip").embed(initializers).embed(ends);
        ProtoMessage model = new ProtoMessage()
                .number(1, IR_VERSION)
                .text(2, "perennial")
                .message(7, graph)
                .message(8, new ProtoMessage().text(1, "").number(2, OPERATOR_SET));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            model.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }

    private static ProtoMessage tensorHeader(String name, int type, long... shape) {
        ProtoMessage tensor = new ProtoMessage();
        for (long dimension : shape) {
            tensor.number(1, dimension);
        }
        return tensor.number(2, type).text(8, name);
    }

    private static ProtoMessage valueInfo(String name, int type, long... shape) {
        ProtoMessage dimensions = new ProtoMessage();
        for (int i = 0; i < shape.length; i++) {
            ProtoMessage dimension = new ProtoMessage();
            dimensions.message(1, shape[i] == 0 ? dimension.text(2, "open" + i) : dimension.number(1, shape[i]));
        }
        ProtoMessage tensor = new ProtoMessage().number(1, type).message(2, dimensions);
        return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }

    private static void writeFloats(Tensor tensor, OutputStream out) throws IOException {
        float[] elements = Tensors.toFloats(tensor);
        ByteBuffer buffer = ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(elements);
        out.write(buffer.array());
    }
}
