package dev.perennial.run;

import dev.perennial.follow.Journal;
import dev.perennial.follow.ShardEntry;
import dev.perennial.follow.Verdict;
import dev.perennial.train.checkpoint.Place;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Which model of a run is current: what every command uses that is given the run.
 *
 * @param checkpoint its folder; absent where the pretrained model is current
 * @param sha256 of the tensors of the checkpoint, or of the pretrained weights
 * @param pretrained where the pretrained model lay when the run began
 * @param since the experience after which it became current; absent where the pretrained model is
 * @param promotedAt when that was; absent where no folder is followed
 * @param shards what became of each shard of a followed folder, in order; none where none is followed
 */
public record CurrentModel(
        Optional<Path> checkpoint,
        String sha256,
        Path pretrained,
        Optional<String> since,
        Optional<String> promotedAt,
        List<ShardEntry> shards) {
    /** Keeps an unchangeable copy. */
    public CurrentModel {
        shards = List.copyOf(shards);
    }

    /**
     * Finds the current model of a run; another process may be writing it.
     *
     * @throws ConfigException if the folder holds no run, or no checkpoint of it is whole
     */
    public static CurrentModel of(Path folder) {
        RunFolder.requireRun(folder);
        RunOrigin origin = RunOrigin.read(folder);
        Path pretrained = Path.of(origin.modelPath());
        OptionalInt promoted = promoted(folder);
        List<ShardEntry> shards = promoted.isPresent() ? Journal.read(folder).entries() : List.of();
        if (promoted.isPresent() && promoted.getAsInt() == 0) {
            return new CurrentModel(
                    Optional.empty(), origin.modelSha256(), pretrained, Optional.empty(), Optional.empty(), shards);
        }
        StoredCheckpoint checkpoint = AdaptedModel.newest(folder);
        String name = RunState.read(checkpoint).name();
        return new CurrentModel(
                Optional.of(checkpoint.path()),
                Hashes.sha256(checkpoint.path().resolve(RunState.METHOD + ".safetensors")),
                pretrained,
                Optional.of(name),
                shards.stream()
                        .filter(entry -> entry.verdict() == Verdict.PROMOTED
                                && entry.name().equals(name))
                        .map(ShardEntry::at)
                        .findFirst(),
                shards);
    }

    /** Returns the number of promoted steps of a run that follows a folder; absent where none is followed. */
    static OptionalInt promoted(Path folder) {
        return Journal.isIn(folder)
                ? OptionalInt.of(Journal.read(folder).with(Verdict.PROMOTED).size())
                : OptionalInt.empty();
    }

    /** Returns the newest whole checkpoint that is a model to use: after an experience, and promoted where a folder is followed. */
    static Optional<StoredCheckpoint> newest(Path folder, BiConsumer<Path, String> damaged) {
        int promoted = promoted(folder).orElse(Integer.MAX_VALUE);
        Predicate<Place> wanted = place -> place.isEnd() && place.experience() < promoted;
        return RunFolder.checkpoints(folder).newest(wanted, damaged);
    }
}
