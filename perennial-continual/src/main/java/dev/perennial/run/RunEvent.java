package dev.perennial.run;

import dev.perennial.evaluate.RunResults;
import dev.perennial.evaluate.anytime.AnytimePoint;
import dev.perennial.evaluate.diagnosis.DiagnosisRow;
import dev.perennial.follow.ShardEntry;
import dev.perennial.train.StepReport;
import dev.perennial.train.checkpoint.Place;
import java.nio.file.Path;

/** What happens in a run, for progress and for the event log. */
public sealed interface RunEvent {
    /** The run begins; its folder is there. After each experience, {@code sets} are evaluated. */
    record Started(String run, String method, Path folder, int experiences, int sets) implements RunEvent {}

    /** Learning of an experience begins. */
    record Learning(int experience, String name, int samples) implements RunEvent {}

    /** An optimizer step was taken; {@code samples} were learned from since the run began. */
    record Stepped(String experience, StepReport report, long samples) implements RunEvent {}

    /** A set was evaluated; {@code after} is {@code zero-shot} or the name of the last experience. */
    record Evaluated(String after, String dataSet, double score) implements RunEvent {}

    /** All sets were evaluated; {@code accuracy} is the mean over those learned so far, before the first over all to come. */
    record Judged(String after, double accuracy) implements RunEvent {}

    /** The model was judged while an online stream went on. */
    record Anytime(AnytimePoint point) implements RunEvent {}

    /** Towers were measured during training. */
    record Diagnosed(DiagnosisRow row) implements RunEvent {}

    /** A model was evaluated on the set of a step that came after it. */
    record Foreseen(String after, String dataSet, double score) implements RunEvent {}

    /** The folder that is followed holds nothing new; it is looked through again and again. */
    record Waiting(Path folder) implements RunEvent {}

    /** A shard that came is about to be learned, or learned on; after it, {@code sets} are evaluated. */
    record Arrived(String file, String name, int sets) implements RunEvent {}

    /** There is a verdict on a shard: whether its model is the current one now, or why not. */
    record Decided(ShardEntry shard) implements RunEvent {}

    /** A checkpoint is safe on disk. */
    record Committed(Place place, String name) implements RunEvent {}

    /** A checkpoint was found to be damaged and is left out. */
    record Damaged(Path checkpoint, String damage) implements RunEvent {}

    /** The run goes on from a checkpoint, which {@code samples} were learned before; what was logged after it happens again. */
    record Resumed(Place place, String name, long samples) implements RunEvent {}

    /** All is done. */
    record Finished(RunResults results) implements RunEvent {}
}
