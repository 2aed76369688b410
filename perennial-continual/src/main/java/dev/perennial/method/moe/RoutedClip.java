package dev.perennial.method.moe;

import dev.perennial.clip.ClassEmbeddings;
import dev.perennial.clip.Clip;
import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.tower.TowerSites;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Candidates;
import dev.perennial.method.ImageClassifier;
import dev.perennial.method.PlainClip;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The model as images and texts pass it: each image by the router that is chosen for it, or by none. Knowing the task changes nothing
 * but the candidates.
 *
 * @param images mixtures of the image tower
 * @param texts mixtures of the text tower
 * @param choice of the router of an image
 * @param textRouter of texts that are embedded by themselves; absent for the untouched model
 * @param experiences what each router was trained on; empty where routers do not stand for experiences
 */
record RoutedClip(
        Clip clip,
        PlainClip plain,
        MixtureTower images,
        MixtureTower texts,
        AdapterChoice choice,
        OptionalInt textRouter,
        List<Integer> experiences)
        implements AdaptedClip {
    /** What becomes of the normalised features of images that have one router. */
    private interface Scoring {
        Tensor score(Tensor features, int router);
    }

    @Override
    public Tensor embedImages(Tensor pixels) {
        return TensorScope.computeWithoutGradient(
                () -> scored(pixels, clip.config().embedDim(), (features, _) -> features));
    }

    @Override
    public Tensor embedTexts(List<String> texts) {
        return embedTexts(texts, textRouter.orElse(AdapterChoice.NONE));
    }

    private Tensor embedTexts(List<String> prompts, int router) {
        return router == AdapterChoice.NONE
                ? plain.embedTexts(prompts)
                : TensorScope.computeWithoutGradient(() -> Tensors.normalized(
                        clip.encodeTexts(clip.tokens(prompts), texts.inference(clip.newTextSites(), router))));
    }

    /**
     * Scores images, those of one router together. The untouched model looks at the whole batch, also where only some images are
     * left to it: so it gives what it gives without this method, bit for bit.
     */
    private Tensor scored(Tensor pixels, int columns, Scoring scoring) {
        AdapterChoice.Choice chosen = choice.of(pixels);
        int[] routers = chosen.routers();
        int[] distinct = chosen.distinct();
        Tensor scores = Tensors.of(new float[routers.length * columns], routers.length, columns);
        for (int router : distinct) {
            int[] samples = IntStream.range(0, routers.length)
                    .filter(i -> routers[i] == router)
                    .toArray();
            try (var _ = new TensorScope()) {
                Tensor rows = Tensors.indices(samples);
                Tensor ofRouter = router == AdapterChoice.NONE
                        ? scoring.score(
                                        Tensors.normalized(
                                                chosen.plainFeatures().get()),
                                        router)
                                .index_select(0, rows)
                        : scoring.score(adapted(pixels.index_select(0, rows), router), router);
                scores.index_copy_(0, rows, ofRouter);
            }
        }
        return scores;
    }

    private Tensor adapted(Tensor pixels, int router) {
        TowerSites sites = images.inference(clip.newImageSites(), router);
        return Tensors.normalized(clip.encodeImages(pixels, sites));
    }

    @Override
    public ImageClassifier classifier(Candidates candidates, OptionalInt task) {
        return new RoutedClassifier(candidates);
    }

    @Override
    public Optional<List<OptionalInt>> recognized(Tensor pixels) {
        if (experiences.isEmpty()) {
            return Optional.empty();
        }
        try (var _ = new TensorScope()) {
            return Optional.of(Arrays.stream(choice.of(pixels).routers())
                    .mapToObj(router -> router == AdapterChoice.NONE
                            ? OptionalInt.empty()
                            : OptionalInt.of(experiences.get(router)))
                    .toList());
        }
    }

    /** Compares each image with class prompts that passed the text tower by its own router; they are encoded when first needed. */
    private final class RoutedClassifier implements ImageClassifier {
        private final Candidates candidates;
        private final double logitScale = clip.logitScale();
        private final Map<Integer, Tensor> classesByRouter = new HashMap<>();

        private RoutedClassifier(Candidates candidates) {
            this.candidates = candidates;
        }

        @Override
        public Tensor logits(Tensor pixels) {
            return TensorScope.computeWithoutGradient(() -> scored(
                    pixels,
                    candidates.classNames().size(),
                    (features, router) -> features.matmul(classes(router).t()).mul(new Scalar(logitScale))));
        }

        private Tensor classes(int router) {
            return classesByRouter.computeIfAbsent(router, _ -> {
                try (var _ = new TensorScope()) {
                    // They outlive the batch that asks for them first.
                    return ClassEmbeddings.ofPrompts(prompts -> embedTexts(prompts, router), candidates.prompts())
                            .retainReference();
                }
            });
        }

        @Override
        public void close() {
            classesByRouter.values().forEach(Tensor::close);
            classesByRouter.clear();
        }
    }
}
