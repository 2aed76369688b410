package dev.perennial.run;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When a run that follows a folder ends by itself.
 *
 * @param steps shards that were learned by the whole run, promoted or refused; absent for no such end
 * @param idle how long nothing new has come; absent for no such end
 */
public record FollowEnd(OptionalInt steps, Optional<Duration> idle) {
    /** It goes on until it is stopped. */
    public static final FollowEnd NEVER = new FollowEnd(OptionalInt.empty(), Optional.empty());

    /** Checks the ranges. */
    public FollowEnd {
        if (steps.orElse(0) < 0 || idle.filter(Duration::isNegative).isPresent()) {
            throw new IllegalArgumentException("steps and the idle time must be at least 0");
        }
    }

    boolean reached(int learned, boolean settled, Duration nothingNew) {
        if (steps.isPresent() && learned >= steps.getAsInt()) {
            return true;
        }
        return settled && idle.filter(time -> nothingNew.compareTo(time) >= 0).isPresent();
    }
}
