package dev.perennial.run;

import dev.perennial.clip.image.Preprocessing;
import dev.perennial.evaluate.EvaluationConfig;
import dev.perennial.evaluate.alignment.FeatureDrift;
import dev.perennial.evaluate.diagnosis.DiagnosisConfig;
import dev.perennial.evaluate.diagnosis.DiagnosisHistory;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure;
import dev.perennial.evaluate.diagnosis.DiagnosisMeasure.Kind;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import dev.perennial.method.AdaptedClip;
import dev.perennial.method.Tower;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.train.StepReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps what is measured of the towers during training, as often as the configuration says. */
final class Diagnosis {
    private final Optional<DiagnosisConfig> config;
    private final List<EvaluationSet> sets;
    private final Preprocessing preprocessing;
    private final EvaluationConfig evaluation;
    private final List<DiagnosisRow> rows = new ArrayList<>();
    private @Nullable FeatureDrift drift;

    Diagnosis(
            Optional<DiagnosisConfig> config,
            List<EvaluationSet> sets,
            Preprocessing preprocessing,
            EvaluationConfig evaluation) {
        this.config = config;
        this.sets = sets;
        this.preprocessing = preprocessing;
        this.evaluation = evaluation;
    }

    /** Returns the steps from one measurement of gradients to the next; absent where they are not measured. */
    OptionalInt gradientsEvery() {
        return config.map(DiagnosisConfig::gradientsEvery).orElse(OptionalInt.empty());
    }

    /** Takes the model that has learned nothing yet as what drift is measured from. */
    void begin(AdaptedClip pretrained) {
        if (config.isPresent() && config.get().driftEvery().isPresent() && !sets.isEmpty()) {
            int samples = config.get().probeSamples().orElse(DiagnosisConfig.PROBE_SAMPLES);
            drift = new FeatureDrift(sets, samples, preprocessing, evaluation, pretrained);
        }
    }

    /** Measures what is due after a step. */
    Optional<DiagnosisRow> stepped(String experience, StepReport report, long samples, Supplier<AdaptedClip> adapted) {
        Map<DiagnosisMeasure, Double> values = new EnumMap<>(DiagnosisMeasure.class);
        report.gradients().forEach((tower, gradient) -> {
            values.put(DiagnosisMeasure.of(tower, Kind.GRADIENT), gradient.norm());
            gradient.angle().ifPresent(angle -> values.put(DiagnosisMeasure.of(tower, Kind.ANGLE), angle));
        });
        FeatureDrift from = drift;
        if (from != null && report.step() % config.orElseThrow().driftEvery().orElseThrow() == 0) {
            FeatureDrift.Drift now = from.of(adapted.get());
            now.images().ifPresent(distance -> values.put(DiagnosisMeasure.of(Tower.IMAGE, Kind.DRIFT), distance));
            now.texts().ifPresent(distance -> values.put(DiagnosisMeasure.of(Tower.TEXT, Kind.DRIFT), distance));
        }
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var row = new DiagnosisRow(experience, report.step(), samples, values);
        rows.add(row);
        return Optional.of(row);
    }

    /** Returns what was measured. */
    DiagnosisHistory history() {
        return new DiagnosisHistory(rows);
    }

    /** Goes on from what another process measured. */
    void restore(List<DiagnosisRow> earlier) {
        rows.clear();
        rows.addAll(earlier);
    }
}
