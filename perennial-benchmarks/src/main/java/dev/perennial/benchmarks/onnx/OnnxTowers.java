package dev.perennial.benchmarks.onnx;

import dev.perennial.clip.Clip;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.ResNetConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tower.Parameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Exports CLIP's towers to ONNX files whose batch size is open. */
public final class OnnxTowers {
    private OnnxTowers() {}

    /** Writes the image tower: {@code pixels [batch, 3, size, size]} to features {@code [batch, embedDim]}. */
    public static void writeImageTower(Clip clip, Path file) {
        ClipConfig config = clip.config();
        switch (config.vision()) {
            case VitConfig vit -> writeVisionTransformer(vit, config.embedDim(), clip.parameters(), file);
            case ResNetConfig _ ->
                throw new IllegalArgumentException(
                        "the benchmark exports vision transformers only; choose a ViT such as ViT-B-32-openai");
        }
    }

    /** Writes the text tower: {@code ids [batch, tokens]} with the largest id last to features {@code [batch, embedDim]}. */
    public static void writeTextTower(Clip clip, Path file) {
        try (var _ = new TensorScope()) {
            TextConfig config = clip.config().text();
            Graph graph = new Graph();
            var blocks = new OnnxBlocks(graph, clip.parameters(), config.transformer());
            String ids = graph.integerInput("ids", 0, 0);
            String length = graph.node("Shape", List.of(ids), Attribute.of("start", 1L), Attribute.of("end", 2L));
            String positions = graph.node(
                    "Slice",
                    List.of(blocks.constant("positional_embedding"), graph.integers(0), length, graph.integers(0)));
            String square = graph.node("Concat", List.of(length, length), Attribute.of("axis", 0L));
            String mask = graph.node(
                    "Slice",
                    List.of(
                            graph.constant("causal mask", causalMask(config.contextLength())),
                            graph.integers(0, 0),
                            square,
                            graph.integers(0, 1)));
            String embedded = graph.node("Gather", List.of(blocks.constant("token_embedding.weight"), ids));
            String x = blocks.apply(graph.node("Add", List.of(embedded, positions)), "transformer.", Optional.of(mask));
            String ends = graph.node("ArgMax", List.of(ids), Attribute.of("axis", 1L));
            String pooled = graph.node("GatherND", List.of(x, ends), Attribute.of("batch_dims", 1L));
            String features = graph.node(
                    "MatMul", List.of(blocks.layerNorm(pooled, "ln_final"), blocks.constant("text_projection")));
            graph.output(features, 0, clip.config().embedDim());
            graph.write(file);
        }
    }

    private static void writeVisionTransformer(VitConfig config, int embedDim, Parameters parameters, Path file) {
        try (var _ = new TensorScope()) {
            long width = config.transformer().width();
            long patch = config.patchSize();
            Graph graph = new Graph();
            var blocks = new OnnxBlocks(graph, parameters, config.transformer());
            String pixels = graph.floatInput("pixels", 0, 3, config.imageSize(), config.imageSize());
            String convolved = graph.node(
                    "Conv",
                    List.of(pixels, blocks.constant("visual.conv1.weight")),
                    Attribute.of("kernel_shape", new long[] {patch, patch}),
                    Attribute.of("strides", new long[] {patch, patch}));
            String patches = graph.node(
                    "Transpose",
                    List.of(graph.node("Reshape", List.of(convolved, graph.integers(0, width, -1)))),
                    Attribute.of("perm", new long[] {0, 2, 1}));
            String batch = graph.node("Shape", List.of(pixels), Attribute.of("start", 0L), Attribute.of("end", 1L));
            String shape = graph.node("Concat", List.of(batch, graph.integers(1, width)), Attribute.of("axis", 0L));
            String classToken = graph.node("Expand", List.of(blocks.constant("visual.class_embedding"), shape));
            String embedded = graph.node(
                    "Add",
                    List.of(
                            graph.node("Concat", List.of(classToken, patches), Attribute.of("axis", 1L)),
                            blocks.constant("visual.positional_embedding")));
            String x =
                    blocks.apply(blocks.layerNorm(embedded, "visual.ln_pre"), "visual.transformer.", Optional.empty());
            String pooled = graph.node(
                    "Reshape",
                    List.of(
                            graph.node("Slice", List.of(x, graph.integers(0), graph.integers(1), graph.integers(1))),
                            graph.integers(0, width)));
            String features = graph.node(
                    "MatMul", List.of(blocks.layerNorm(pooled, "visual.ln_post"), blocks.constant("visual.proj")));
            graph.output(features, 0, embedDim);
            graph.write(file);
        }
    }

    private static Tensor causalMask(long tokens) {
        return torch.full(new long[] {tokens, tokens}, new Scalar(Double.NEGATIVE_INFINITY))
                .triu(1);
    }
}
