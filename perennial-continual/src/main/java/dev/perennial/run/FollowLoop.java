package dev.perennial.run;

import dev.perennial.data.DatasetException;
import dev.perennial.evaluate.ResultFiles;
import dev.perennial.evaluate.RunResults;
import dev.perennial.follow.Arrival;
import dev.perennial.follow.Gates;
import dev.perennial.follow.Inbox;
import dev.perennial.follow.Journal;
import dev.perennial.follow.ShardEntry;
import dev.perennial.follow.Verdict;
import dev.perennial.stream.EvaluationSet;
import dev.perennial.stream.FollowSpec;
import dev.perennial.stream.ShardStep;
import dev.perennial.train.DivergenceException;
import dev.perennial.train.checkpoint.CheckpointStore;
import dev.perennial.train.checkpoint.Place;
import dev.perennial.train.checkpoint.StoredCheckpoint;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Meets shards, has them learned one after another, and decides what becomes of each.
 *
 * <p>The journal is the one place that says what is current. A shard is written into it before it is learned and again with the
 * verdict; checkpoints after the current one belong to the shard that is being learned, and are deleted if it is not promoted. So
 * whatever moment the process ends at, the next one finds what to do.
 */
final class FollowLoop {
    private final Path folder;
    private final CheckpointStore checkpoints;
    private final Trials trials;
    private final RunConfig config;
    private final FollowSpec spec;
    private final FollowedSteps steps;
    private final Inbox inbox;
    private final Path watched;
    private final Consumer<RunEvent> events;
    private final StopRequest stop;
    private final FollowEnd end;
    private final Queue<Arrival> arrived = new ArrayDeque<>();
    private Journal journal;
    private long lastNews = System.nanoTime();

    FollowLoop(
            Path folder,
            CheckpointStore checkpoints,
            Trials trials,
            RunConfig config,
            FollowSpec spec,
            Path watched,
            FollowedSteps steps,
            Consumer<RunEvent> events,
            StopRequest stop,
            FollowEnd end) {
        this.folder = folder;
        this.checkpoints = checkpoints;
        this.trials = trials;
        this.config = config;
        this.spec = spec;
        this.watched = watched;
        this.inbox = new Inbox(watched, spec.patience());
        this.steps = steps;
        this.events = events;
        this.stop = stop;
        this.end = end;
        this.journal = Journal.read(folder);
    }

    /** Follows the folder until the end that was asked for; returns the results if there are any. */
    Optional<RunResults> run() {
        recover();
        steps.open(journal.with(Verdict.PROMOTED));
        events.accept(new RunEvent.Started(
                config.name(),
                config.method(),
                folder,
                steps.size(),
                steps.size() + steps.control().size()));
        boolean waiting = false;
        while (true) {
            Optional<ShardEntry> pending = journal.pending();
            if (pending.isPresent()) {
                learn(pending.get());
                lastNews = System.nanoTime();
                waiting = false;
                continue;
            }
            stopIfAsked();
            Duration nothingNew = Duration.ofNanos(System.nanoTime() - lastNews);
            if (end.reached(journal.learned(), arrived.isEmpty() && inbox.isSettled(), nothingNew)) {
                break;
            }
            if (arrived.isEmpty()) {
                arrived.addAll(inbox.look());
            }
            if (!arrived.isEmpty()) {
                meet(arrived.remove());
                lastNews = System.nanoTime();
                continue;
            }
            if (!waiting && inbox.isSettled()) {
                events.accept(new RunEvent.Waiting(watched));
                waiting = true;
            }
            stop.await(spec.poll());
        }
        Optional<RunResults> results = results();
        results.ifPresent(last -> events.accept(new RunEvent.Finished(last)));
        return results;
    }

    /** Brings checkpoints and journal together again, wherever the last process ended. */
    private void recover() {
        int promoted = journal.with(Verdict.PROMOTED).size();
        Optional<StoredCheckpoint> whole = newest(place -> place.isEnd() && place.experience() < promoted);
        int kept = whole.map(checkpoint -> checkpoint.place().experience() + 1).orElse(0);
        if (kept < promoted) {
            List<ShardEntry> lost = journal.with(Verdict.PROMOTED).subList(kept, promoted);
            Optional<LedgerState> measured = measured();
            for (int i = promoted - 1; i >= kept; i--) {
                int place = i;
                measured = measured.map(
                        state -> state.without(place, lost.get(place - kept).name()));
            }
            // The shards are still there, and so is their order: they are learned again to the same models.
            checkpoints.discardAfter(place(kept));
            journal = journal.rewound(kept, measured.map(LedgerState::toJson));
            journal.write(folder);
        }
        if (journal.pending().isEmpty()) {
            tidy();
        }
    }

    private Optional<StoredCheckpoint> newest(Predicate<Place> wanted) {
        return checkpoints.newest(wanted, (path, damage) -> events.accept(new RunEvent.Damaged(path, damage)));
    }

    private static Place place(int promoted) {
        return promoted == 0 ? Place.BEFORE_ALL : Place.after(promoted - 1);
    }

    /** Deletes what is not or no longer needed beside the current model. */
    private void tidy() {
        checkpoints.discardAfter(place(journal.with(Verdict.PROMOTED).size()));
        checkpoints.prune(0, config.checkpoint().keepExperiences().orElse(Integer.MAX_VALUE));
    }

    private void meet(Arrival arrival) {
        if (journal.entries().stream()
                .anyMatch(entry ->
                        entry.file().equals(arrival.file()) && entry.sha256().equals(arrival.sha256()))) {
            return;
        }
        if (journal.with(Verdict.PROMOTED).stream()
                .anyMatch(entry -> entry.file().equals(arrival.file()))) {
            throw new ConfigException(arrival.path() + ": was learned and has changed since; put it back as it was, and"
                    + " give new data another name");
        }
        Optional<String> unfit = arrival.damage()
                .or(() -> journal.known(arrival.sha256())
                        .map(same -> "holds the same bytes as " + same.file() + ", which was met before"));
        ShardEntry entry = new ShardEntry(
                arrival.file(),
                arrival.sha256(),
                arrival.bytes(),
                name(arrival),
                unfit.isPresent() ? Verdict.SET_ASIDE : Verdict.LEARNING,
                unfit.stream().toList(),
                Journal.now());
        if (unfit.isPresent()) {
            publish(journal.met(entry), results());
            events.accept(new RunEvent.Decided(entry));
        } else {
            // What lies after the current checkpoint must belong to this shard from here on.
            tidy();
            publish(journal.met(entry), Optional.empty());
        }
    }

    /** Names of steps and of control sets must differ. */
    private String name(Arrival arrival) {
        List<String> taken = new ArrayList<>(List.of(Ledger.ZERO_SHOT));
        journal.with(Verdict.PROMOTED).forEach(entry -> taken.add(entry.name()));
        steps.control().stream().map(EvaluationSet::name).forEach(taken::add);
        String name = arrival.name();
        return taken.contains(name) ? name + " " + (journal.entries().size() + 1) : name;
    }

    private void learn(ShardEntry entry) {
        Optional<String> change = steps.change(entry);
        if (change.isPresent()) {
            decide(entry, Verdict.SET_ASIDE, List.of("it " + change.get()), measured(), results());
            return;
        }
        ShardStep step;
        try {
            step = steps.step(entry);
        } catch (DatasetException e) {
            decide(entry, Verdict.SET_ASIDE, List.of(reason(entry, e)), measured(), results());
            return;
        }
        events.accept(new RunEvent.Arrived(
                entry.file(), entry.name(), steps.size() + 1 + steps.control().size()));
        boolean promoted = false;
        try {
            promoted = tried(entry, step);
        } finally {
            if (!promoted) {
                step.close();
            }
        }
    }

    /** Learns a step, judges it and decides; tells whether it was promoted. */
    private boolean tried(ShardEntry entry, ShardStep step) {
        int index = steps.size();
        Optional<LedgerState> before = measured();
        RunLoop.Trial trial;
        try {
            Optional<StoredCheckpoint> own = newest(place -> place.experience() == index);
            if (own.isEmpty()) {
                FollowedSteps.requireGood(step, config.training().maxBadShare());
            }
            checkpoints.discardAfter(own.map(StoredCheckpoint::place).orElse(place(index)));
            trial = trials.learn(
                    steps.with(step),
                    steps.control(),
                    newest(place(index)::equals),
                    before.map(state -> state.withColumn(index)),
                    own);
        } catch (DatasetException e) {
            // Of another data set it says nothing about this shard.
            if (!String.valueOf(e.getMessage()).startsWith(entry.name() + ":")) {
                throw e;
            }
            decide(entry, Verdict.SET_ASIDE, List.of(reason(entry, e)), before, results());
            return false;
        } catch (DivergenceException e) {
            decide(entry, Verdict.REFUSED, List.of(reason(entry, e)), before, results());
            return false;
        }
        List<String> failures =
                config.gates().orElse(Gates.OPEN).failures(trial.results().matrix());
        if (failures.isEmpty()) {
            steps.add(step);
            decide(entry, Verdict.PROMOTED, List.of(), Optional.of(trial.measured()), Optional.of(trial.results()));
            return true;
        }
        decide(entry, Verdict.REFUSED, failures, Optional.of(trial.measured().without(index, entry.name())), results());
        return false;
    }

    /** The folder is known to the reader, and may be another one tomorrow. */
    private String reason(ShardEntry entry, RuntimeException e) {
        String reason = String.valueOf(e.getMessage()).replace(watched + File.separator, "");
        return reason.startsWith(entry.file() + ": ")
                ? reason.substring(entry.file().length() + 2)
                : reason;
    }

    private void decide(
            ShardEntry entry,
            Verdict verdict,
            List<String> reasons,
            Optional<LedgerState> measured,
            Optional<RunResults> results) {
        int number = journal.number(entry);
        publish(journal.decided(verdict, reasons, measured.map(LedgerState::toJson)), results);
        tidy();
        events.accept(new RunEvent.Decided(journal.entries().get(number - 1)));
    }

    /** Writes the results first: until the journal is written, the step counts as not decided, and all of this happens again. */
    private void publish(Journal next, Optional<RunResults> results) {
        results.ifPresent(of -> new ResultFiles(folder).write(FollowTable.in(of, next)));
        next.write(folder);
        journal = next;
    }

    /** Returns the results of the promoted steps as they were written; none before the first. */
    private Optional<RunResults> results() {
        return steps.size() > 0 && Files.exists(folder.resolve("summary.json"))
                ? Optional.of(RunResults.read(folder))
                : Optional.empty();
    }

    private Optional<LedgerState> measured() {
        Optional<JsonNode> saved = journal.measured();
        return saved.map(LedgerState::of);
    }

    private void stopIfAsked() {
        if (stop.isMade()) {
            throw new RunStoppedException("stopped while waiting for shards in " + watched
                    + "; everything is saved, go on with 'perennial resume " + folder + "'");
        }
    }
}
