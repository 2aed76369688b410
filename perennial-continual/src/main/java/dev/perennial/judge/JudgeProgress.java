package dev.perennial.judge;

/** Hears how far long work is. */
@FunctionalInterface
public interface JudgeProgress {
    /** Is told that {@code done} of {@code total} parts of a task are done. */
    void at(String task, long done, long total);
}
