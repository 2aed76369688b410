package dev.perennial.data;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** What a pax or GNU header says about the tar member after it. */
record ExtendedHeader(Optional<String> name, OptionalLong size) {
    static final ExtendedHeader NONE = new ExtendedHeader(Optional.empty(), OptionalLong.empty());

    ExtendedHeader withName(String other) {
        return new ExtendedHeader(Optional.of(other), size);
    }

    /** Adds the {@code path} and {@code size} of pax records, each {@code "<length> <key>=<value>\n"}. */
    ExtendedHeader withPax(byte[] pax, String tar) {
        ExtendedHeader header = this;
        int at = 0;
        while (at < pax.length && pax[at] != 0) {
            int space = at;
            while (space < pax.length && pax[space] >= '0' && pax[space] <= '9') {
                space++;
            }
            int length = space > at && space - at < 7 ? Integer.parseInt(ascii(pax, at, space)) : 0;
            if (length < space - at + 3 || length > pax.length - at || pax[space] != ' ') {
                throw new DatasetException(tar + ": damaged tar, a pax record cannot be read");
            }
            String record = new String(pax, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
            header = header.withRecord(record, tar);
            at += length;
        }
        return header;
    }

    private ExtendedHeader withRecord(String record, String tar) {
        int equals = record.indexOf('=');
        String key = equals < 0 ? record : record.substring(0, equals);
        String value = record.substring(equals + 1);
        if (key.startsWith("GNU.sparse.")) {
            throw new DatasetException(tar + ": holds a sparse file; a shard may hold plain files only");
        }
        return switch (key) {
            case "path" -> withName(value);
            case "size" -> {
                if (!value.matches("\\d{1,18}")) {
                    throw new DatasetException(tar + ": damaged tar, a pax record gives the size \"" + value + "\"");
                }
                yield new ExtendedHeader(name, OptionalLong.of(Long.parseLong(value)));
            }
            default -> this;
        };
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
