package dev.perennial.teacher.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.perennial.clip.image.Preprocessing;
import dev.perennial.teacher.ImageTeacher;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An image model in an ONNX file whose outputs are {@code [batch, width]}. */
public final class OnnxImageTeacher implements ImageTeacher {
    private final Path file;
    private final Preprocessing preprocessing;
    private final List<String> outputs;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String input;

    /**
     * Opens a model.
     *
     * @param outputs names of the outputs to keep
     * @throws IllegalArgumentException if the file is no ONNX model with one input and these outputs
     */
    public OnnxImageTeacher(Path file, Preprocessing preprocessing, List<String> outputs) {
        this.file = file;
        this.preprocessing = preprocessing;
        this.outputs = List.copyOf(outputs);
        try (var options = new OrtSession.SessionOptions()) {
            session = environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw new IllegalArgumentException(file + ": not a model that ONNX Runtime can open: " + e.getMessage(), e);
        }
        if (session.getNumInputs() != 1 || !session.getOutputNames().containsAll(outputs)) {
            throw new IllegalArgumentException(file + ": must have one input and the outputs " + outputs
                    + " but has the inputs " + session.getInputNames() + " and the outputs "
                    + session.getOutputNames() + "; set the names under distillation.image");
        }
        input = session.getInputNames().iterator().next();
    }

    @Override
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    @Override
    public List<String> outputs() {
        return outputs;
    }

    @Override
    public List<float[][]> look(float[] pixels, int batch) {
        int size = preprocessing.imageSize();
        long[] shape = {batch, 3, size, size};
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            List<float[][]> values = new ArrayList<>();
            for (String output : outputs) {
                Object value = result.get(output).orElseThrow().getValue();
                if (!(value instanceof float[][] rows)) {
                    throw new IllegalArgumentException(
                            file + ": output '" + output + "' is not a row of numbers for each image");
                }
                values.add(rows);
            }
            return values;
        } catch (OrtException e) {
            throw new IllegalArgumentException(
                    file + ": cannot take images of " + size + " pixels: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": cannot be closed", e);
        }
    }
}
