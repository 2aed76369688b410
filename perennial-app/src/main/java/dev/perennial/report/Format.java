package dev.perennial.report;

import java.util.Locale;

/** Numbers for people, the same in every locale. */
final class Format {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private Format() {}

    /** Text on one line of a terminal: control characters could move its cursor or break the line. */
    static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]+", " ");
    }

    /** One decimal, as in the tables of the field. */
    static String score(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.equals("-0.0") ? "0.0" : text;
    }

    /** A difference in points, with its sign. */
    static String points(double value) {
        String text = score(value);
        return text.startsWith("-") || text.equals("0.0") ? text : "+" + text;
    }

    static String probability(double value) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * value);
    }

    static String count(double value) {
        if (value < 1e4) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return value < 1e6
                ? String.format(Locale.ROOT, "%.1f k", value / 1e3)
                : String.format(Locale.ROOT, "%.1f M", value / 1e6);
    }

    static String seconds(double value) {
        long seconds = Math.round(value);
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", value);
        }
        return seconds < HOUR
                ? seconds / MINUTE + " min " + seconds % MINUTE + " s"
                : seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
    }

    static String bytes(double value) {
        return value < 1 << 30
                ? String.format(Locale.ROOT, "%.0f MiB", value / (1 << 20))
                : String.format(Locale.ROOT, "%.1f GiB", value / (1 << 30));
    }
}
