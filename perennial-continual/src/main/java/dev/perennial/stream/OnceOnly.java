package dev.perennial.stream;

import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetInfo;
import dev.perennial.data.Sample;
import java.util.List;

/** What a learner sees of samples that come once: how many there are, and nothing that they hold. */
final class OnceOnly implements Dataset {
    private final Dataset hidden;
    private final DatasetInfo info;

    OnceOnly(Dataset hidden) {
        this.hidden = hidden;
        this.info = new DatasetInfo(hidden.name(), hidden.split(), List.of(), hidden.templates(), List.of());
    }

    @Override
    public DatasetInfo info() {
        return info;
    }

    @Override
    public int size() {
        return hidden.size();
    }

    @Override
    public Sample sample(int position) {
        throw new IllegalStateException(
                "the samples of the online stream over " + info.title()
                        + " come once, batch by batch; this method goes over an experience's data by itself and cannot learn them");
    }

    @Override
    public int[] labels() {
        throw new IllegalStateException("the classes of the online stream over " + info.title()
                + " are known only as they come; this method asks for them before and cannot learn them");
    }

    @Override
    public String hash() {
        return hidden.hash();
    }

    @Override
    public void close() {
        hidden.close();
    }
}
