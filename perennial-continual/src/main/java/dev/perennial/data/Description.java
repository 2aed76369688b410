package dev.perennial.data;

import java.util.Optional;

/** A data set that is described otherwise; its labels stay. */
final class Description implements Dataset {
    private final Dataset base;
    private final DatasetInfo info;

    Description(Dataset base, DatasetInfo info) {
        int classes = base.classNames().size();
        if (info.classNames().size() != classes) {
            throw new DatasetException("%s has %d classes but %d class names were given"
                    .formatted(base.info().title(), classes, info.classNames().size()));
        }
        this.base = base;
        this.info = info;
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return base.size();
    }

    @Override
    public Sample sample(int position) {
        Sample sample = base.sample(position);
        return sample.label().isEmpty()
                ? sample
                : sample.withLabel(
                        sample.label(),
                        Optional.of(info.classNames().get(sample.label().getAsInt())));
    }

    @Override
    public int[] labels() {
        return base.labels();
    }

    @Override
    public String hash() {
        return new ContentHash()
                .add("description")
                .add(base.hash())
                .add(info.classNames())
                .hex();
    }

    @Override
    public void close() {
        base.close();
    }
}
