package dev.perennial.clip.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The calls to the file system of which durable writes consist; a test takes one that fails where it likes. */
public interface Disk {
    /** The file system of the machine. */
    Disk SYSTEM = new SystemDisk();

    /** A new file that is being written. */
    interface NewFile extends WritableByteChannel {
        /** Forces what was written to the device. */
        void force() throws IOException;
    }

    /** Creates a folder, unless it is there. */
    void createFolder(Path folder) throws IOException;

    /** Creates a file that must not be there yet. */
    NewFile create(Path file) throws IOException;

    /** Renames a file or folder in one step, replacing a file. */
    void rename(Path from, Path to) throws IOException;

    /** Forces the entries of a folder to the device, so that a creation or renaming in it survives a crash. */
    void forceFolder(Path folder) throws IOException;

    /** Deletes a file or an empty folder, if it is there. */
    void delete(Path path) throws IOException;

    /** The real thing. */
    final class SystemDisk implements Disk {
        private SystemDisk() {}

        @Override
        public void createFolder(Path folder) throws IOException {
            Files.createDirectories(folder);
        }

        @Override
        public NewFile create(Path file) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new NewFile() {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    return channel.write(bytes);
                }

                @Override
                public void force() throws IOException {
                    channel.force(true);
                }

                @Override
                public boolean isOpen() {
                    return channel.isOpen();
                }

                @Override
                public void close() throws IOException {
                    channel.close();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }

        @Override
        public void delete(Path path) throws IOException {
            Files.deleteIfExists(path);
        }
    }
}
