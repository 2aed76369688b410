package dev.perennial.clip.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The directory of a mapped ZIP file, and views of its uncompressed entries; nothing is ever inflated.
 *
 * <p>Offsets in it are checked against the file; the 64-bit extension is understood, spanning and encryption are not.
 */
final class StoredZip {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_BYTES = 22;
    private static final int MAX_ENTRIES = 200_000;
    private static final int MAX_DIRECTORY_BYTES = 1 << 26;
    private static final int CRC_CHUNK = 1 << 20;

    private final MemorySegment file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long viewed;

    private record Entry(long header, long size, long stored, int method, boolean encrypted, int crc) {}

    /**
     * Reads the directory.
     *
     * @throws PickleException if the file is not a well-formed ZIP archive
     */
    StoredZip(MemorySegment file) {
        this.file = file;
        long end = findEnd();
        long count = u16(end + 10);
        long size = u32(end + 12);
        long start = u32(end + 16);
        if (u16(end + 4) != 0 && u16(end + 4) != 0xFFFF) {
            throw damaged("is one part of a split archive");
        }
        if (end >= 20 && i32(end - 20) == LOCATOR_64) {
            long end64 = i64(end - 12);
            if (end64 < 0 || end64 > end - 20 - 56 || i32(end64) != END_64) {
                throw damaged("has a 64-bit end record at a wrong place");
            }
            count = i64(end64 + 32);
            size = i64(end64 + 40);
            start = i64(end64 + 48);
        }
        if (start < 0 || size < 0 || start > end || size > end - start || count < 0 || count > size / 46) {
            throw damaged("has a directory that lies outside the file");
        }
        if (count > MAX_ENTRIES || size > MAX_DIRECTORY_BYTES) {
            throw damaged("has a directory of " + count + " entries in " + size + " bytes; " + MAX_ENTRIES
                    + " entries and " + MAX_DIRECTORY_BYTES + " bytes are the limits");
        }
        readDirectory(start, start + size, count);
    }

    private void readDirectory(long start, long end, long count) {
        long at = start;
        for (long i = 0; i < count; i++) {
            if (at > end - 46 || i32(at) != CENTRAL) {
                throw damaged("has a damaged directory");
            }
            int nameLength = u16(at + 28);
            int extraLength = u16(at + 30);
            long next = at + 46 + nameLength + extraLength + u16(at + 32);
            if (next > end) {
                throw damaged("has a damaged directory");
            }
            String name = text(at + 46, nameLength);
            Entry entry = entry(at, at + 46 + nameLength, extraLength);
            if (entry.header < 0 || entry.stored < 0 || entry.size < 0 || entry.header > start - 30) {
                throw damaged("places entry '" + name + "' outside the file");
            }
            if (entries.put(name, entry) != null) {
                throw damaged("has two entries '" + name + "'");
            }
            at = next;
        }
        if (at != end) {
            throw damaged("has a damaged directory");
        }
    }

    private Entry entry(long at, long extra, int extraLength) {
        long size = u32(at + 24);
        long stored = u32(at + 20);
        long header = u32(at + 42);
        long end = extra + extraLength;
        for (long field = extra; field + 4 <= end; field += 4 + u16(field + 2)) {
            if (u16(field) == 1) {
                long value = field + 4;
                long fieldEnd = Math.min(end, value + u16(field + 2));
                if (size == 0xFFFFFFFFL && value + 8 <= fieldEnd) {
                    size = i64(value);
                    value += 8;
                }
                if (stored == 0xFFFFFFFFL && value + 8 <= fieldEnd) {
                    stored = i64(value);
                    value += 8;
                }
                if (header == 0xFFFFFFFFL && value + 8 <= fieldEnd) {
                    header = i64(value);
                }
            }
        }
        return new Entry(header, size, stored, u16(at + 10), (u16(at + 8) & 1) == 1, i32(at + 16));
    }

    /** Returns the names of all entries in the order of the directory. */
    Iterable<String> names() {
        return entries.keySet();
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * Returns the bytes of an entry as a view of the file, after comparing their checksum.
     *
     * @throws PickleException if there is no such entry, or it is compressed, encrypted or damaged
     */
    MemorySegment data(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw damaged("lacks its entry '" + name + "'");
        }
        if (entry.method != 0 || entry.encrypted) {
            throw damaged("has a compressed or encrypted entry '" + name + "'; PyTorch stores weights plainly");
        }
        boolean matches = i32(entry.header) == LOCAL
                && u16(entry.header + 26) <= file.byteSize() - entry.header - 30
                && text(entry.header + 30, u16(entry.header + 26)).equals(name);
        if (!matches) {
            throw damaged("has a directory that disagrees with entry '" + name + "'");
        }
        long start = entry.header + 30 + u16(entry.header + 26) + u16(entry.header + 28);
        if (entry.size != entry.stored || start > file.byteSize() || entry.size > file.byteSize() - start) {
            throw damaged("ends inside entry '" + name + "'");
        }
        viewed += entry.size;
        if (viewed > file.byteSize()) {
            throw damaged("has entries that lie on top of each other");
        }
        MemorySegment data = file.asSlice(start, entry.size);
        if (crc(data) != entry.crc) {
            throw damaged("has a wrong checksum in entry '" + name + "'");
        }
        return data;
    }

    private static int crc(MemorySegment data) {
        CRC32 crc = new CRC32();
        for (long at = 0; at < data.byteSize(); at += CRC_CHUNK) {
            crc.update(
                    data.asSlice(at, Math.min(CRC_CHUNK, data.byteSize() - at)).asByteBuffer());
        }
        return (int) crc.getValue();
    }

    private long findEnd() {
        long last = file.byteSize() - END_BYTES;
        for (long at = last; at >= Math.max(0, last - 0xFFFF); at--) {
            if (i32(at) == END && at + END_BYTES + u16(at + 20) == file.byteSize()) {
                return at;
            }
        }
        throw damaged("has no end record");
    }

    private PickleException damaged(String how) {
        return new PickleException(how + "; the file is damaged or was made by something else, fetch or save it again");
    }

    private String text(long at, int length) {
        return new String(file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private int u16(long at) {
        return file.get(Elements.SHORT, at) & 0xFFFF;
    }

    private int i32(long at) {
        return file.get(Elements.INT, at);
    }

    private long u32(long at) {
        return Integer.toUnsignedLong(i32(at));
    }

    private long i64(long at) {
        return file.get(Elements.LONG, at);
    }
}
