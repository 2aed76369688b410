package dev.perennial.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that writes into a run folder.
 *
 * @param pid its number
 * @param host the machine it runs on
 * @param started when it was started, which tells it from a later process of the same number
 */
record RunWriter(long pid, String host, Instant started) {
    static final String FILE = ".writer";
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
    private static final Pattern TEXT = Pattern.compile("process (\\d{1,18}) on (\\S+) since (\\S+)\\s*");

    /** Returns this process. */
    static RunWriter current() {
        ProcessHandle process = ProcessHandle.current();
        return new RunWriter(process.pid(), hostName(), started(process));
    }

    /** Returns the process that a run folder names, if it names one. */
    static Optional<RunWriter> read(Path folder) {
        try {
            Matcher matcher = TEXT.matcher(Files.readString(folder.resolve(FILE)));
            return matcher.matches()
                    ? Optional.of(new RunWriter(
                            Long.parseLong(matcher.group(1)), matcher.group(2), Instant.parse(matcher.group(3))))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            // It only serves to name the writer; the lock is what counts.
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), this + "\n", StandardCharsets.UTF_8);
    }

    /** Returns whether it runs on this machine now. */
    boolean isAlive() {
        return host.equals(hostName())
                && ProcessHandle.of(pid)
                        .filter(process -> process.isAlive() && started(process).equals(started))
                        .isPresent();
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host + " since " + started;
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static String hostName() {
        try {
            String name = Files.readString(HOST).strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
