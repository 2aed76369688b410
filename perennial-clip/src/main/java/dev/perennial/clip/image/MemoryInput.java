package dev.perennial.clip.image;

import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory as ImageIO wants it: nothing copied, nothing cached on disk.
 *
 * <p>Some readers swallow the end of the file and go on with zeros for as many pixels as the header announced; after a
 * few attempts to read on they are stopped.
 */
final class MemoryInput extends ImageInputStreamImpl {
    /** More than any reader looks ahead on a whole file. */
    private static final int MAX_ATTEMPTS = 64;

    private final byte[] bytes;
    private int attempts;

    MemoryInput(FileBytes file) {
        this.bytes = file.bytes();
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public int read() throws IIOException {
        bitOffset = 0;
        return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xff : pastTheEnd();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IIOException {
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        if (streamPos >= bytes.length) {
            return pastTheEnd();
        }
        int count = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    private int pastTheEnd() throws IIOException {
        if (++attempts > MAX_ATTEMPTS) {
            throw new IIOException("the file is truncated: its data end before its pixels");
        }
        return -1;
    }
}
