package dev.perennial.clip.text;

import java.util.Arrays;

/** A list of ints that grows. */
final class IdList {
    private int[] ids = new int[16];
    private int size;

    int size() {
        return size;
    }

    void add(int id) {
        reserve(size + 1);
        ids[size++] = id;
    }

    void addAll(int[] more) {
        reserve(size + more.length);
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int last() {
        return ids[size - 1];
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    private void reserve(int length) {
        if (length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(length, 2 * ids.length));
        }
    }
}
