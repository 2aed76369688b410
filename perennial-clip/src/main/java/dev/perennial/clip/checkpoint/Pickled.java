package dev.perennial.clip.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value found in a pickle, as plain data; nothing in it can act. */
sealed interface Pickled {
    /** Python's {@code None}. */
    record None() implements Pickled {}

    /** A truth value. */
    record Truth(boolean value) implements Pickled {}

    /** An integer of at most 64 bits. */
    record Whole(long value) implements Pickled, Comparable<Whole> {
        @Override
        public int compareTo(Whole other) {
            return Long.compare(value, other.value);
        }
    }

    /** A floating-point number. */
    record Real(double value) implements Pickled, Comparable<Real> {
        @Override
        public int compareTo(Real other) {
            return Double.compare(value, other.value);
        }
    }

    /** A string. */
    record Text(String value) implements Pickled, Comparable<Text> {
        @Override
        public int compareTo(Text other) {
            return value.compareTo(other.value);
        }
    }

    /** An allow-listed class or function, by name only. */
    record Global(String qualifiedName) implements Pickled {}

    /** A run of elements in the archive, named by its key. */
    record Storage(StoredType type, String key, long elements) implements Pickled {}

    /** A strided view of a storage; offset and strides count elements. */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements Pickled {}

    /** A tuple, which is complete when it is made. */
    record Tuple(List<Pickled> items) implements Pickled {}

    /** A list. */
    final class Sequence implements Pickled {
        final List<Pickled> items = new ArrayList<>();
    }

    /**
     * A dictionary; its keys are texts, numbers and truth values.
     *
     * <p>They can be compared, so that a hash map finds its way even among keys that were chosen to have one hash.
     */
    final class Mapping implements Pickled {
        final Map<Pickled, Pickled> entries = new LinkedHashMap<>();
    }

    /** An object of a TorchScript class: its attributes, without any code. */
    final class Instance implements Pickled {
        final Mapping attributes = new Mapping();
    }
}
