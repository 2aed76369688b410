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
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** An image model in an ONNX file whose outputs are {@code [batch, width]}. */
public final class OnnxImageTeacher implements ImageTeacher {
    private static final long STACK_BYTES = 64L << 20;

    private final Path file;
    private final Preprocessing preprocessing;
    private final List<String> outputs;
    private final OrtEnvironment environment;
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
        session = open(file);
        environment = OrtEnvironment.getEnvironment();
        if (session.getNumInputs() != 1 || !session.getOutputNames().containsAll(outputs)) {
            throw new IllegalArgumentException(file + ": must have one input and the outputs " + outputs
                    + " but has the inputs " + session.getInputNames() + " and the outputs "
                    + session.getOutputNames() + "; set the names under distillation.image");
        }
        input = session.getInputNames().iterator().next();
    }

    /** ONNX Runtime can run over the stack of a usual Java thread while it starts, and then the process ends without a word. */
    private static OrtSession open(Path file) {
        var task = new FutureTask<OrtSession>(() -> {
            try (var options = new OrtSession.SessionOptions()) {
                return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            }
        });
        new Thread(null, task, "onnx-open", STACK_BYTES).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            String reason =
                    String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage());
            throw new IllegalArgumentException(file + ": not a model that ONNX Runtime can open: " + reason, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while " + file + " was opened");
        }
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
