package dev.perennial.run;

import dev.perennial.clip.checkpoint.CheckpointException;
import dev.perennial.evaluate.ResultFileException;
import dev.perennial.evaluate.RunResults;
import dev.perennial.follow.Journal;
import dev.perennial.follow.Verdict;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a run folder holds and whether it can be trusted; nothing in it is changed.
 *
 * @param items what was looked at
 * @param standing how far the run is and from where it can go on, in one sentence
 * @param keepsUnseenImages whether the newest whole checkpoint embeds images unlike those learned as the pretrained model does, so
 *     that an index of them stays valid; absent where no checkpoint says so
 */
public record RunCheck(List<Item> items, String standing, Optional<Boolean> keepsUnseenImages) {
    /**
     * One thing in the folder.
     *
     * @param name its path in the folder, or what it is
     * @param damage what is wrong with it; absent if it is whole
     */
    public record Item(String name, Optional<String> damage) {}

    /** Returns whether everything is whole. */
    public boolean isWhole() {
        return items.stream().allMatch(item -> item.damage().isEmpty());
    }

    /**
     * Checks a run folder: its configuration, the hash of every file of every checkpoint, the pretrained model and the results.
     *
     * @param models finds the pretrained model
     * @throws ConfigException if the folder holds no run
     */
    public static RunCheck of(Path folder, ModelSource models) {
        RunFolder.requireRun(folder);
        return new Inspection(folder, models).check();
    }

    /** Collects the items of one check. */
    private static final class Inspection {
        private final Path folder;
        private final ModelSource models;
        private final List<Item> items = new ArrayList<>();

        Inspection(Path folder, ModelSource models) {
            this.folder = folder;
            this.models = models;
        }

        RunCheck check() {
            Optional<RunOrigin> origin = look("run.json", () -> RunOrigin.read(folder));
            Optional<RunConfig> config = look(RunFolder.CONFIG, () -> {
                RunConfig.Resolved resolved = RunFolder.configuration(folder);
                origin.ifPresent(began -> began.requireConfig(folder, resolved));
                return resolved.config();
            });
            if (origin.isPresent() && config.isPresent()) {
                look("pretrained model", () -> {
                    try (PretrainedModel model =
                            PretrainedModel.load(origin.get().findModel(folder, config.get(), models))) {
                        origin.get().requireModel(folder, model);
                        return model.sha256();
                    }
                });
            }
            Optional<StoredCheckpoint> newest = checkpoints();
            Optional<RunResults> results = Optional.empty();
            if (Files.exists(folder.resolve("summary.json"))) {
                results = look("results", () -> RunResults.read(folder));
            }
            boolean usable = origin.isPresent() && config.isPresent();
            Optional<Journal> journal = Optional.empty();
            if (config.filter(of -> of.stream().follow().isPresent()).isPresent()) {
                journal = look(Journal.FILE, () -> Journal.read(folder));
                usable &= journal.isPresent();
            }
            return new RunCheck(
                    List.copyOf(items),
                    usable
                            ? journal.map(this::standing).orElse(standing(origin.get(), newest, results))
                            : "not resumable",
                    newest.flatMap(checkpoint -> RunState.read(checkpoint).keepsUnseenImages()));
        }

        private Optional<StoredCheckpoint> checkpoints() {
            CheckpointStore store = RunFolder.checkpoints(folder);
            Optional<StoredCheckpoint> newest = Optional.empty();
            for (Place place : store.places()) {
                String name = RunFolder.CHECKPOINTS + "/" + place.folder();
                Optional<String> damage = store.damage(place);
                if (damage.isPresent()) {
                    items.add(new Item(name, damage));
                } else {
                    var checkpoint = new StoredCheckpoint(
                            place, folder.resolve(RunFolder.CHECKPOINTS).resolve(place.folder()));
                    if (look(name, () -> RunState.read(checkpoint)).isPresent()) {
                        newest = Optional.of(checkpoint);
                    }
                }
            }
            return newest;
        }

        private <T> Optional<T> look(String name, Supplier<T> reading) {
            try {
                T read = reading.get();
                items.add(new Item(name, Optional.empty()));
                return Optional.of(read);
            } catch (ConfigException
                    | IllegalArgumentException
                    | ResultFileException
                    | CheckpointException
                    | UncheckedIOException e) {
                items.add(new Item(name, Optional.of(String.valueOf(e.getMessage()))));
                return Optional.empty();
            }
        }

        private String standing(Journal journal) {
            return "follows a folder: %d shards promoted, %d refused, %d set aside%s; current is %s%s"
                    .formatted(
                            journal.with(Verdict.PROMOTED).size(),
                            journal.with(Verdict.REFUSED).size(),
                            journal.with(Verdict.SET_ASIDE).size(),
                            journal.pending()
                                    .map(entry -> ", learning " + entry.file())
                                    .orElse(""),
                            CurrentModel.newest(folder, (_, _) -> {})
                                    .map(checkpoint -> RunFolder.CHECKPOINTS + "/"
                                            + checkpoint.place().folder())
                                    .orElse("the pretrained model"),
                            writer());
        }

        private String writer() {
            return RunWriter.read(folder)
                    .filter(RunWriter::isAlive)
                    .map(process -> "; " + process + " is writing it")
                    .orElse("");
        }

        private String standing(RunOrigin origin, Optional<StoredCheckpoint> newest, Optional<RunResults> results) {
            int experiences = origin.experiences();
            String rest = writer();
            if (newest.isEmpty()) {
                return "resumable from the beginning: no whole checkpoint yet" + rest;
            }
            Place place = newest.get().place();
            boolean over = place.equals(Place.after(experiences - 1))
                    && results.filter(all -> all.matrix().measured(experiences - 1))
                            .isPresent();
            if (over) {
                return "finished: all " + experiences + " experiences learned and judged" + rest;
            }
            String where = place.isEnd()
                    ? "the end of experience " + (place.experience() + 1)
                    : "step " + place.step() + " of experience " + (place.experience() + 1);
            return "resumable from " + where + " of " + experiences + " (" + RunFolder.CHECKPOINTS + "/"
                    + place.folder() + ")" + rest;
        }
    }
}
