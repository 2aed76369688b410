package dev.perennial.data;

import java.util.List;

/** Names that data sets usually give to their splits. */
final class Splits {
    static final List<String> USUAL = List.of("train", "val", "valid", "validation", "dev", "test");

    private Splits() {}
}
