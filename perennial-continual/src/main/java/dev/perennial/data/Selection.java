package dev.perennial.data;

import java.util.Arrays;
import java.util.Objects;

/** The samples of a data set at chosen positions. */
final class Selection implements Dataset {
    private final Dataset base;
    private final int[] positions;

    Selection(Dataset base, int[] positions) {
        for (int position : positions) {
            Objects.checkIndex(position, base.size());
        }
        this.base = base;
        this.positions = positions.clone();
    }

    @Override
    public DatasetInfo info() {
        return base.info();
    }

    @Override
    public int size() {
        return positions.length;
    }

    @Override
    public Sample sample(int position) {
        return base.sample(positions[position]).withPosition(position);
    }

    @Override
    public int[] labels() {
        int[] labels = base.labels();
        return Arrays.stream(positions).map(position -> labels[position]).toArray();
    }

    @Override
    public String hash() {
        var hash = new ContentHash().add("selection").add(base.hash());
        Arrays.stream(positions).forEach(hash::add);
        return hash.hex();
    }

    @Override
    public void close() {
        base.close();
    }
}
