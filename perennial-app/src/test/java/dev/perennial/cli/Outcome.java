package dev.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** What a command did: its exit code and what it printed. */
record Outcome(int code, String out, String err) {
    /** Runs a command; paths among the arguments stand for themselves. */
    static Outcome of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine line = Perennial.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute(Arrays.stream(arguments)
                .map(argument -> argument instanceof Path path ? path.toString() : String.valueOf(argument))
                .toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Checks that the command failed with this code and said so in exactly one line, without a stack trace. */
    void assertFailed(int expectedCode, String... parts) {
        List<String> lines = err.lines().toList();
        assertThat(lines).as("what is printed on stderr").hasSize(1);
        assertThat(lines.getFirst()).startsWith("perennial: ").contains(parts).doesNotContain("internal error");
        assertThat(code).isEqualTo(expectedCode);
    }

    /** Checks that the command did its work and complained of nothing. */
    Outcome assertDone() {
        assertThat(err).isEmpty();
        assertThat(code).isZero();
        return this;
    }
}
