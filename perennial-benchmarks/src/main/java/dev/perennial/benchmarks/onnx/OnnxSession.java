package dev.perennial.benchmarks.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A tower in ONNX Runtime with all its graph optimisations, on a given number of threads. */
public final class OnnxSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final String input;

    /** Loads a model file; the file is not needed afterwards. */
    public OnnxSession(Path file, int threads) {
        try (var options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OptLevel.ALL_OPT);
            options.setIntraOpNumThreads(threads);
            session = environment.createSession(file.toString(), options);
            input = session.getInputNames().iterator().next();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": ONNX Runtime cannot load it", e);
        }
    }

    /** Returns the version of ONNX Runtime. */
    public static String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** Returns an input made of float32 elements; the caller closes it. */
    public OnnxTensor tensor(float[] elements, long... shape) {
        try {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(elements), shape);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses an input", e);
        }
    }

    /** Returns an input made of int64 elements; the caller closes it. */
    public OnnxTensor tensor(long[] elements, long... shape) {
        try {
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(elements), shape);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime refuses an input", e);
        }
    }

    /** Runs the tower and returns its features in row-major order. */
    public float[] run(OnnxTensor tensor) {
        try (OrtSession.Result result = session.run(Map.of(input, tensor))) {
            if (!(result.get(0) instanceof OnnxTensor features)) {
                throw new IllegalStateException("the tower's first output is no tensor but " + result.get(0));
            }
            FloatBuffer buffer = features.getFloatBuffer();
            float[] elements = new float[buffer.remaining()];
            buffer.get(elements);
            return elements;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime fails to run the tower", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime fails to close a session", e);
        }
    }
}
