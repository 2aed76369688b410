package dev.perennial.evaluate.alignment;

import dev.perennial.evaluate.metric.AlignmentMetrics;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a model made of the alignment sample.
 *
 * @param images normalised rows {@code [images][embedDim]}
 * @param texts normalised rows of the different texts {@code [texts][embedDim]}
 * @param origins where each image comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Made, measured and dropped; never compared.
record PairedEmbeddings(float[][] images, float[][] texts, List<Origin> origins) {
    /**
     * Where an image comes from.
     *
     * @param set index of its set
     * @param place its place among the chosen samples of the set
     * @param text index of its text
     */
    record Origin(int set, int place, int text) {}

    /** Measures these embeddings against those of the pretrained model; measures without a value are left out. */
    Map<AlignmentMeasure, Double> measures(PairedEmbeddings before) {
        Map<AlignmentMeasure, Double> values = new EnumMap<>(AlignmentMeasure.class);
        if (images.length == 0) {
            return values;
        }
        double[] imageRotations = AlignmentMetrics.rotationAngles(before.images, images);
        double[] textRotations = AlignmentMetrics.rotationAngles(before.texts, texts);
        values.put(AlignmentMeasure.IMAGE_ROTATION, mean(imageRotations));
        values.put(AlignmentMeasure.TEXT_ROTATION, mean(textRotations));
        values.put(
                AlignmentMeasure.ROTATION_DIFFERENCE,
                mean(IntStream.range(0, images.length)
                        .mapToDouble(i -> Math.abs(
                                imageRotations[i] - textRotations[origins.get(i).text()]))
                        .toArray()));
        values.put(
                AlignmentMeasure.DEVIATION,
                mean(AlignmentMetrics.crossAngleChanges(before.images, before.texts, images, texts)));
        values.put(AlignmentMeasure.GAP, AlignmentMetrics.modalityGap(images, texts));
        values.put(AlignmentMeasure.ALIGNMENT_LOSS, AlignmentMetrics.alignmentLoss(images, pairedTexts()));
        if (images.length > 1) {
            values.put(AlignmentMeasure.IMAGE_ANGLES, mean(AlignmentMetrics.selfAngleChanges(before.images, images)));
            values.put(AlignmentMeasure.IMAGE_UNIFORMITY, AlignmentMetrics.uniformityLoss(images));
        }
        if (texts.length > 1) {
            values.put(AlignmentMeasure.TEXT_ANGLES, mean(AlignmentMetrics.selfAngleChanges(before.texts, texts)));
            values.put(AlignmentMeasure.TEXT_UNIFORMITY, AlignmentMetrics.uniformityLoss(texts));
        }
        return values;
    }

    /** Returns the index of the text of an image's own set that is nearest to it. */
    int nearestText(int image) {
        int set = origins.get(image).set();
        return origins.stream()
                .filter(origin -> origin.set() == set)
                .mapToInt(Origin::text)
                .distinct()
                .boxed()
                .max((a, b) -> Double.compare(product(images[image], texts[a]), product(images[image], texts[b])))
                .orElseThrow();
    }

    private float[][] pairedTexts() {
        return origins.stream().map(origin -> texts[origin.text()]).toArray(float[][]::new);
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
