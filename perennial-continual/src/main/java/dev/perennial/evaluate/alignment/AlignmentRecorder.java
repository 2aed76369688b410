package dev.perennial.evaluate.alignment;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.Evaluator;
import dev.perennial.method.AdaptedClip;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Measures alignment at every point of a stream where the model is judged. */
public final class AlignmentRecorder {
    private final List<EvaluationSet> sets;
    private final Preprocessing preprocessing;
    private final EvaluationConfig config;
    private final Optional<AlignmentSample> sample;
    private final List<AlignmentRow> rows = new ArrayList<>();
    private final Map<String, List<Integer>> choices = new LinkedHashMap<>();
    private Map<String, List<Integer>> firstChoices = Map.of();
    private @Nullable PairedEmbeddings before;
    private boolean fresh = true;

    /** Creates a recorder for the sets of a stream, with as many samples as the configuration says. */
    public AlignmentRecorder(List<EvaluationSet> sets, Preprocessing preprocessing, EvaluationConfig config) {
        this.sets = List.copyOf(sets);
        this.preprocessing = preprocessing;
        this.config = config;
        int samples = config.alignmentSamples().orElse(EvaluationConfig.ALIGNMENT_SAMPLES);
        this.sample =
                samples > 0 && !sets.isEmpty() ? Optional.of(new AlignmentSample(sets, samples)) : Optional.empty();
    }

    /**
     * What must survive a stop; the embeddings before are computed again.
     *
     * @param firstChoices of the pretrained model for the chosen samples, by labelled set; -1 where there is none
     * @param rows what was measured
     */
    public record State(Map<String, List<Integer>> firstChoices, List<AlignmentRow> rows) {
        /** Of a run that has measured nothing yet. */
        public static final State NONE = new State(Map.of(), List.of());
    }

    /** Returns what must survive a stop. */
    public State state() {
        return new State(firstChoices, List.copyOf(rows));
    }

    /** Goes on from where another process was, after {@link #begin} with the pretrained model. */
    public void restore(State state) {
        fresh = false;
        firstChoices = state.firstChoices();
        rows.clear();
        rows.addAll(state.rows());
    }

    /** Takes the model that has learned nothing yet as what all others are compared with. */
    public void begin(AdaptedClip pretrained) {
        before = sample.map(chosen -> chosen.embed(pretrained, preprocessing, config))
                .orElse(null);
    }

    /** Hears what the model chose for the samples of a set. */
    public void judged(EvaluationSet set, Evaluator.SetResult result) {
        if (sample.isEmpty() || !sets.contains(set) || !(set.supervision() instanceof Supervision.Labels)) {
            return;
        }
        Map<Integer, Integer> byPosition = new LinkedHashMap<>();
        result.decisions().forEach(decision -> byPosition.put(decision.position(), decision.ownChoice()));
        choices.put(
                set.name(),
                Arrays.stream(sample.get().positions(set))
                        .mapToObj(position -> byPosition.getOrDefault(position, -1))
                        .toList());
    }

    /** Adds the row of a model whose choices were heard; the first row is that of the model given to {@link #begin}. */
    public void measure(String after, AdaptedClip clip) {
        if (sample.isEmpty()) {
            return;
        }
        PairedEmbeddings reference = before;
        if (reference == null) {
            throw new IllegalStateException("alignment is measured against a model that was not given");
        }
        if (fresh) {
            firstChoices = Map.copyOf(choices);
            fresh = false;
        }
        PairedEmbeddings now = sample.get().embed(clip, preprocessing, config);
        Map<AlignmentMeasure, Double> values = now.measures(reference);
        agreement(reference, now).ifPresent(share -> values.put(AlignmentMeasure.AGREEMENT, share));
        rows.add(new AlignmentRow(after, values));
        choices.clear();
    }

    /** Returns the rows so far. */
    public AlignmentHistory history() {
        return new AlignmentHistory(rows);
    }

    private Optional<Double> agreement(PairedEmbeddings reference, PairedEmbeddings now) {
        int equal = 0;
        int compared = 0;
        for (int i = 0; i < now.origins().size(); i++) {
            PairedEmbeddings.Origin origin = now.origins().get(i);
            EvaluationSet set = sets.get(origin.set());
            if (set.supervision() instanceof Supervision.Labels) {
                List<Integer> first = firstChoices.getOrDefault(set.name(), List.of());
                List<Integer> present = choices.getOrDefault(set.name(), List.of());
                if (origin.place() >= Math.min(first.size(), present.size())) {
                    return Optional.empty();
                }
                compared++;
                equal += first.get(origin.place()).equals(present.get(origin.place())) ? 1 : 0;
            } else {
                compared++;
                equal += reference.nearestText(i) == now.nearestText(i) ? 1 : 0;
            }
        }
        return compared == 0 ? Optional.empty() : Optional.of(100.0 * equal / compared);
    }
}
