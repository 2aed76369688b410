package dev.perennial.clip.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.clip.config.Activation;
import dev.perennial.clip.config.ClipConfig;
import dev.perennial.clip.config.TextConfig;
import dev.perennial.clip.config.TransformerConfig;
import dev.perennial.clip.config.VitConfig;
import dev.perennial.clip.loss.ContrastiveLoss;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tiny CLIP whose weights are sines and whose outputs were computed apart from any framework, in float64. */
class ReferenceNumbersTest {
    /** What the model gives: features of two images and two texts, logits at scale 100 and both losses. */
    record Expected(
            Activation activation,
            List<Double> images,
            List<Double> texts,
            List<Double> logits,
            double clipLoss,
            double sigmoidLoss) {
        @Override
        public String toString() {
            return activation.configName();
        }
    }

    static Stream<Expected> expected() {
        return Stream.of(
                new Expected(
                        Activation.QUICK_GELU,
                        numbers(
                                -0.188883, -0.265773, -0.317326, -0.338627, -0.327646, -0.285429, -0.216002, -0.125983,
                                -0.190458, -0.267327, -0.318710, -0.339710, -0.328325, -0.285639, -0.215723, -0.125241),
                        numbers(
                                0.025603, 0.055396, 0.079908, 0.096802, 0.104468, 0.102174, 0.090140, 0.069513,
                                0.103003, 0.154793, 0.191827, 0.210573, 0.209244, 0.187968, 0.148772, 0.095393),
                        numbers(-96.439757, -99.784167, -96.366378, -99.765657),
                        1.2203122769,
                        19.8102707403),
                new Expected(
                        Activation.GELU,
                        numbers(
                                -0.188399, -0.265400, -0.317100, -0.338569, -0.327762, -0.285709, -0.216417, -0.126495,
                                -0.189993, -0.266971, -0.318499, -0.339663, -0.328447, -0.285918, -0.216132, -0.125742),
                        numbers(
                                0.025544, 0.055299, 0.079782, 0.096659, 0.104322, 0.102039, 0.090029, 0.069436,
                                0.103407, 0.155104, 0.192015, 0.210621, 0.209148, 0.187736, 0.148426, 0.094967),
                        numbers(-96.468796, -99.803413, -96.394621, -99.785462),
                        1.2185271516,
                        19.8127128936));
    }

    @ParameterizedTest
    @MethodSource("expected")
    void everyNumberIsReachedInFloat64(Expected expected) {
        check(expected, torch.ScalarType.Double, 1e-6, 1e-5, 1e-7);
    }

    @ParameterizedTest
    @MethodSource("expected")
    void everyNumberIsReachedInFloat32(Expected expected) {
        // A logit is a cosine times 100, so its last float32 digit is already 8e-6.
        check(expected, torch.ScalarType.Float, 1e-5, 1e-4, 1e-5);
    }

    private static void check(Expected expected, torch.ScalarType type, double features, double logits, double losses) {
        TransformerConfig blocks = TransformerConfig.of(16, 2, 2, expected.activation);
        ClipConfig config = new ClipConfig(8, new VitConfig(8, 4, blocks), new TextConfig(6, 20, 19, blocks));
        try (var _ = new TensorScope();
                Parameters parameters = sines(config, type)) {
            assertThat(parameters.count()).isEqualTo(config.parameterCount() - 1);
            ImageTower imageTower = ImageTower.of(config.vision(), parameters);
            TextTower textTower = new TextTower(config.text(), parameters);
            Tensor pixels = Tensors.concat(
                    0,
                    filled(type, i -> Math.cos(0.05 * i), 1, 3, 8, 8),
                    filled(type, i -> Math.cos(0.11 * i + 1), 1, 3, 8, 8));
            TokenBatch tokens = TokenBatch.endingAtMaximum(
                    List.of(new int[] {18, 3, 7, 19, 0, 0}, new int[] {18, 5, 11, 2, 19, 0}));
            Tensor images = imageTower.forward(pixels, imageTower.emptySites());
            Tensor texts = textTower.forward(tokens, textTower.emptySites());
            assertNear(images, expected.images, features);
            assertNear(texts, expected.texts, features);
            Tensor hundred = filled(type, _ -> Math.log(100));
            assertNear(ContrastiveLoss.logits(images, texts, hundred), expected.logits, logits);
            assertThat(ContrastiveLoss.clip(images, texts, hundred).item_double())
                    .isCloseTo(expected.clipLoss, within(losses));
            Tensor loss =
                    ContrastiveLoss.sigmoid(images, texts, filled(type, _ -> Math.log(10)), filled(type, _ -> -10));
            assertThat(loss.item_double()).isCloseTo(expected.sigmoidLoss, within(losses));
        }
    }

    @Test
    void theWeightsAreThoseOfTheReference() {
        TransformerConfig blocks = TransformerConfig.of(16, 2, 2, Activation.GELU);
        ClipConfig config = new ClipConfig(8, new VitConfig(8, 4, blocks), new TextConfig(6, 20, 19, blocks));
        try (var _ = new TensorScope();
                Parameters sines = sines(config, torch.ScalarType.Float)) {
            assertThat(sines.names()).hasSize(61);
            assertNear(
                    sines.get("visual.conv1.weight").flatten().narrow(0, 0, 3),
                    numbers(0.12884354, 0.16936637, 0.19374302),
                    1e-7);
            assertNear(sines.get("text_projection").flatten().narrow(0, 0, 1), numbers(-0.19173439), 1e-7);
        }
    }

    /** Tensor {@code k} has the element {@code 0.2 sin(0.7 (k + 1) + 0.31 i)} at {@code i}, gains of norms one more. */
    private static Parameters sines(ClipConfig config, torch.ScalarType type) {
        var shapes = dev.perennial.clip.checkpoint.ParameterShapes.of(config);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names()) {
            int k = tensors.size();
            double offset = name.matches(".*ln_\\w+\\.weight") ? 1 : 0;
            long[] shape = shapes.getOrDefault(name, List.of()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            tensors.put(name, filled(type, i -> offset + 0.2 * Math.sin(0.7 * (k + 1) + 0.31 * i), shape));
        }
        return new Parameters(tensors);
    }

    private static List<String> names() {
        return Stream.of(
                        Stream.of("conv1.weight", "class_embedding", "positional_embedding")
                                .map("visual."::concat),
                        Stream.of("visual.ln_pre.weight", "visual.ln_pre.bias"),
                        blocks("visual."),
                        Stream.of("visual.ln_post.weight", "visual.ln_post.bias", "visual.proj"),
                        Stream.of("token_embedding.weight", "positional_embedding"),
                        blocks(""),
                        Stream.of("ln_final.weight", "ln_final.bias", "text_projection"))
                .flatMap(part -> part)
                .toList();
    }

    private static Stream<String> blocks(String tower) {
        return IntStream.range(0, 2)
                .boxed()
                .flatMap(i -> Stream.of(
                                "ln_1.weight",
                                "ln_1.bias",
                                "attn.in_proj_weight",
                                "attn.in_proj_bias",
                                "attn.out_proj.weight",
                                "attn.out_proj.bias",
                                "ln_2.weight",
                                "ln_2.bias",
                                "mlp.c_fc.weight",
                                "mlp.c_fc.bias",
                                "mlp.c_proj.weight",
                                "mlp.c_proj.bias")
                        .map(name -> tower + "transformer.resblocks." + i + "." + name));
    }

    private static Tensor filled(torch.ScalarType type, IntToDoubleFunction element, long... shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        double[] values = IntStream.range(0, elements).mapToDouble(element).toArray();
        return TensorScope.compute(() -> Tensor.create(values, shape).to(type));
    }

    private static List<Double> numbers(double... values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static void assertNear(Tensor actual, List<Double> expected, double tolerance) {
        double[] values = expected.stream().mapToDouble(Double::doubleValue).toArray();
        double distance = TensorScope.compute(() -> actual.flatten()
                        .sub(Tensor.create(values, values.length))
                        .abs()
                        .max())
                .item_double();
        assertThat(actual.numel()).isEqualTo(values.length);
        assertThat(distance).isLessThan(tolerance);
    }
}
