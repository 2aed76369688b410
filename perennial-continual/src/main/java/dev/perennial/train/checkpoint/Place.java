package dev.perennial.train.checkpoint;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a stream a checkpoint was taken; later places are greater.
 *
 * @param experience index of the experience, counted from 0
 * @param step steps of that experience that were done; {@link #END} after all of them
 */
public record Place(int experience, int step) implements Comparable<Place> {
    /** The step of a place after an experience. */
    public static final int END = Integer.MAX_VALUE;

    /** A place before every checkpoint. */
    public static final Place BEFORE_ALL = new Place(0, 0);

    private static final Pattern FOLDER = Pattern.compile("(\\d{3,9})-(\\d{7,10}|end)");
    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::experience).thenComparingInt(Place::step);

    /** Checks the ranges. */
    public Place {
        if (experience < 0 || step < 0) {
            throw new IllegalArgumentException("a place has no negative number, not " + experience + ", " + step);
        }
    }

    /** Returns the place after an experience. */
    public static Place after(int experience) {
        return new Place(experience, END);
    }

    /** Returns whether the experience was over. */
    public boolean isEnd() {
        return step == END;
    }

    /** Returns the name of its folder: the experience counted from 1, and the step or {@code end}. */
    public String folder() {
        return "%03d-%s".formatted(experience + 1, isEnd() ? "end" : "%07d".formatted(step));
    }

    /** Returns the place that a folder's name means, if it is one. */
    static Optional<Place> of(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int experience = Integer.parseInt(matcher.group(1)) - 1;
        long step = matcher.group(2).equals("end") ? END : Long.parseLong(matcher.group(2));
        return experience < 0 || step > END ? Optional.empty() : Optional.of(new Place(experience, (int) step));
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
