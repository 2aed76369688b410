package dev.perennial.benchmarks.onnx;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.tower.Parameters;
import java.util.List;
import java.util.Optional;

/** Writes the residual blocks of a tower, the way an exporter does: one node for each operation of the architecture. */
final class OnnxBlocks {
    private final Graph graph;
    private final Parameters parameters;
    private final TransformerConfig config;

    OnnxBlocks(Graph graph, Parameters parameters, TransformerConfig config) {
        this.graph = graph;
        this.parameters = parameters;
        this.config = config;
    }

    /** Runs all blocks of names under {@code prefix}; the mask is added to the attention scores. */
    String apply(String tokens, String prefix, Optional<String> mask) {
        String x = tokens;
        for (int i = 0; i < config.layers(); i++) {
            x = block(x, prefix + "resblocks." + i + ".", mask);
        }
        return x;
    }

    String layerNorm(String x, String name) {
        return graph.node(
                "LayerNormalization",
                List.of(x, constant(name + ".weight"), constant(name + ".bias")),
                Attribute.of("axis", -1L),
                Attribute.of("epsilon", config.layerNormEpsilon()));
    }

    String constant(String name) {
        return graph.constant(name, parameters.get(name));
    }

    private String block(String x, String prefix, Optional<String> mask) {
        String attended = attention(layerNorm(x, prefix + "ln_1"), prefix + "attn.", mask);
        String y = graph.node("Add", List.of(x, attended));
        String hidden = linear(layerNorm(y, prefix + "ln_2"), prefix + "mlp.c_fc.weight", prefix + "mlp.c_fc.bias");
        String output = linear(activate(hidden), prefix + "mlp.c_proj.weight", prefix + "mlp.c_proj.bias");
        return graph.node("Add", List.of(y, output));
    }

    private String attention(String x, String prefix, Optional<String> mask) {
        String packed = linear(x, prefix + "in_proj_weight", prefix + "in_proj_bias");
        List<String> parts = graph.node("Split", List.of(packed), 3, Attribute.of("axis", 2L));
        int headWidth = config.width() / config.heads();
        String query =
                graph.node("Mul", List.of(heads(parts.get(0), 0, 2, 1, 3), graph.scalar(1 / Math.sqrt(headWidth))));
        String plain = graph.node("MatMul", List.of(query, heads(parts.get(1), 0, 2, 3, 1)));
        String scores = mask.map(m -> graph.node("Add", List.of(plain, m))).orElse(plain);
        String shares = graph.node("Softmax", List.of(scores), Attribute.of("axis", -1L));
        String mixed = graph.node("MatMul", List.of(shares, heads(parts.get(2), 0, 2, 1, 3)));
        String joined = graph.node(
                "Reshape",
                List.of(
                        graph.node("Transpose", List.of(mixed), Attribute.of("perm", new long[] {0, 2, 1, 3})),
                        graph.integers(0, 0, config.width())));
        return linear(joined, prefix + "out_proj.weight", prefix + "out_proj.bias");
    }

    private String heads(String x, long... order) {
        String split = graph.node(
                "Reshape", List.of(x, graph.integers(0, 0, config.heads(), config.width() / config.heads())));
        return graph.node("Transpose", List.of(split), Attribute.of("perm", order));
    }

    private String activate(String x) {
        return switch (config.activation()) {
            case Activation.QUICK_GELU -> {
                String gate = graph.node("Sigmoid", List.of(graph.node("Mul", List.of(x, graph.scalar(1.702)))));
                yield graph.node("Mul", List.of(x, gate));
            }
            case Activation.GELU -> {
                String erf = graph.node("Erf", List.of(graph.node("Mul", List.of(x, graph.scalar(Math.sqrt(0.5))))));
                String gate = graph.node("Add", List.of(erf, graph.scalar(1)));
                yield graph.node("Mul", List.of(graph.node("Mul", List.of(x, gate)), graph.scalar(0.5)));
            }
        };
    }

    private String linear(String x, String weight, String bias) {
        String columns = graph.constant(weight + ".t", parameters.get(weight).t());
        return graph.node("Add", List.of(graph.node("MatMul", List.of(x, columns)), constant(bias)));
    }
}
