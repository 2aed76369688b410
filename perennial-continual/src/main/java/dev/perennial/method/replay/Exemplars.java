package dev.perennial.method.replay;

import dev.perennial.clip.Clip;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.data.Dataset;
import dev.perennial.method.FrozenFeatures;
import dev.perennial.method.MethodContext;
import dev.perennial.method.Ranges;
import dev.perennial.method.StateReader;
import dev.perennial.method.StateWriter;
import dev.perennial.method.distill.ReferenceImages;
import dev.perennial.method.tune.Safeguard;
import dev.perennial.method.tune.StartingModel;
import dev.perennial.stream.Experience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * iCaRL's memory (Rebuffi et al. 2017, arXiv 1611.07725, algorithms 3 to 5): after each of t experiences, it holds {@code K / t} exemplars
 * of each, chosen by herding on normalised image features; what is too much of earlier ones is cut from the end.
 */
final class Exemplars implements Safeguard, ReferenceImages {
    /**
     * How exemplars are chosen.
     *
     * @param capacity K, exemplars of all experiences together
     * @param considered largest number of images of an experience to choose from: the first ones
     * @param herding over what means are taken
     */
    record Settings(int capacity, int considered, IcarlProvider.Herding herding) {
        Settings {
            Ranges.atLeast("memory", 1, capacity);
            Ranges.atLeast("considered", 1, considered);
        }
    }

    private final Clip student;
    private final Settings settings;
    private final MethodContext context;
    /** One list for each experience, best exemplar first. */
    private final List<List<RgbImage>> sets = new ArrayList<>();

    Exemplars(Clip student, Settings settings, MethodContext context) {
        this.student = student;
        this.settings = settings;
        this.context = context;
    }

    @Override
    public String name() {
        return "exemplars";
    }

    @Override
    public Optional<Dataset> of(Experience experience) {
        List<RgbImage> all = sets.stream().flatMap(List::stream).toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(new SquareDataset(all));
    }

    @Override
    public boolean areFixed() {
        return false;
    }

    @Override
    public void begin(Experience experience, StartingModel start) {
        experience.requireLabels("icarl");
    }

    @Override
    public void resume(Experience experience, StartingModel start) {
        begin(experience, start);
    }

    @Override
    public void end(Experience experience, StartingModel start) {
        int each = settings.capacity() / (sets.size() + 1);
        sets.replaceAll(set -> set.subList(0, Math.min(each, set.size())));
        Dataset considered = experience.train().limit(settings.considered());
        sets.add(IntStream.of(chosen(considered, each))
                .mapToObj(position -> context.images()
                        .preprocessing()
                        .square(considered.sample(position).image().decode()))
                .toList());
    }

    private int[] chosen(Dataset images, int count) {
        Tensor features = FrozenFeatures.ofImages(student, images, context);
        try (features) {
            float[][] rows = Tensors.toRows(features);
            return switch (settings.herding()) {
                case EXPERIENCE -> HerdedSelection.of(rows, count);
                case CLASS -> HerdedSelection.byClass(rows, images.labels(), count);
            };
        }
    }

    @Override
    public void save(StateWriter state) {
        ArrayNode sizes = state.record().putArray("sizes");
        sets.forEach(set -> sizes.add(set.size()));
        List<RgbImage> all = sets.stream().flatMap(List::stream).toList();
        if (!all.isEmpty()) {
            state.tensor(
                    Squares.stored("images", context.images().preprocessing().imageSize(), all));
        }
    }

    @Override
    public void restore(StateReader state) {
        sets.clear();
        List<RgbImage> all = state.has("images") ? Squares.restored(state.tensor("images")) : List.of();
        int from = 0;
        for (JsonNode size : state.record().path("sizes")) {
            sets.add(all.subList(from, from + size.asInt()));
            from += size.asInt();
        }
    }

    @Override
    public void close() {
        sets.clear();
    }
}
