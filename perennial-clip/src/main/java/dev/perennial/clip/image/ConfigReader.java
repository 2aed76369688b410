package dev.perennial.clip.image;

import java.util.Arrays;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Typed reading of a preprocessing configuration, with errors that name the file's key, its value and the remedy. */
record ConfigReader(String source, JsonNode config) {
    IllegalArgumentException unsupported(String key, String expected) {
        return new IllegalArgumentException(
                source + ": " + key + " is " + config.path(key) + " but must be " + expected + "; change it there");
    }

    boolean flag(String key, boolean absent) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw unsupported(key, "true or false");
        }
        return value.booleanValue();
    }

    void require(String key, boolean expected) {
        if (flag(key, expected) != expected) {
            throw unsupported(key, String.valueOf(expected));
        }
    }

    int integer(String key, int absent) {
        JsonNode value = value(key);
        if (!value.isMissingNode() && !value.isInt()) {
            throw unsupported(key, "an integer");
        }
        return value.isMissingNode() ? absent : value.intValue();
    }

    double number(String key, double absent) {
        JsonNode value = value(key);
        if (!value.isMissingNode() && !value.isNumber()) {
            throw unsupported(key, "a number");
        }
        return value.isMissingNode() ? absent : value.doubleValue();
    }

    /** A side given as one number or as a pair of equal ones. */
    int square(String key, int absent) {
        JsonNode value = value(key);
        if (!value.isArray()) {
            return integer(key, absent);
        }
        int side = value.path(0).asInt(0);
        if (value.size() != 2 || value.path(1).asInt(0) != side) {
            throw unsupported(key, "a number or two equal ones");
        }
        return side;
    }

    Channels channels(String key, Channels absent) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return absent;
        }
        boolean numbers = value.size() == 3
                && value.path(0).isNumber()
                && value.path(1).isNumber()
                && value.path(2).isNumber();
        if (!value.isArray() || !numbers) {
            throw unsupported(key, "three numbers");
        }
        return new Channels(
                value.get(0).doubleValue(),
                value.get(1).doubleValue(),
                value.get(2).doubleValue());
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E absent) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return absent;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> value.isString() && constant.name().equalsIgnoreCase(value.stringValue()))
                .findFirst()
                .orElseThrow(() -> unsupported(
                        key,
                        "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    /** The value of a key, missing where the file says null. */
    private JsonNode value(String key) {
        JsonNode value = config.path(key);
        return value.isNull() ? config.path("\0absent") : value;
    }
}
