package dev.perennial.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** A data set in memory whose samples are images with their position as red value; those that are bad hold no image. */
record FakeDataset(DatasetInfo info, int size, IntPredicate bad) implements Dataset {
    static FakeDataset of(int size) {
        return of(size, position -> false);
    }

    static FakeDataset of(int size, IntPredicate bad) {
        var info = new DatasetInfo("fake", "train", List.of("even", "odd"), List.of("a {}"), List.of("en"));
        return new FakeDataset(info, size, bad);
    }

    FakeDataset named(String name, String... classNames) {
        return new FakeDataset(info.withName(name).withClassNames(List.of(classNames)), size, bad);
    }

    @Override
    public Sample sample(int position) {
        byte[] image = bad.test(position) ? new byte[] {1, 2, 3} : Images.png(position);
        boolean labelled = !classNames().isEmpty();
        return new Sample(
                "k" + position,
                position,
                ImageSource.of("image " + position, () -> image),
                labelled ? OptionalInt.of(position % 2) : OptionalInt.empty(),
                labelled ? Optional.of(classNames().get(position % 2)) : Optional.empty(),
                Map.of("en", List.of("number " + position)),
                Map.of("third", position % 3, "list", List.of("x", "y"), "tens", "t" + position / 10));
    }

    @Override
    public String hash() {
        return new ContentHash().add(info.title()).add(size).hex();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
