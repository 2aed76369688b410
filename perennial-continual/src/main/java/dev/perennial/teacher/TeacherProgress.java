package dev.perennial.teacher;

/** Is told how far the making of a table is. */
@FunctionalInterface
public interface TeacherProgress {
    /** Hears that so many of all samples or texts are done. */
    void done(int count, int total);
}
