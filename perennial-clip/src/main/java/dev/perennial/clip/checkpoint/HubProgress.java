package dev.perennial.clip.checkpoint;

/** Is told how far a download has come. */
@FunctionalInterface
public interface HubProgress {
    /** Says nothing to anyone. */
    HubProgress SILENT = (_, _, _) -> {};

    /**
     * A part of a file has arrived.
     *
     * @param file its name in the repository
     * @param done bytes on the disk, those of an earlier attempt included
     * @param total bytes of the whole file, or -1 if the server does not say
     */
    void advanced(String file, long done, long total);
}
