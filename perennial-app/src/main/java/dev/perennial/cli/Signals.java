package dev.perennial.cli;

import dev.perennial.run.StopRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop; a second one halts at once.
 *
 * <p>A shutdown hook would not do: it hears of the first signal only.
 */
final class Signals implements AutoCloseable {
    private static final Map<String, Integer> NUMBERS = Map.of("INT", 2, "TERM", 15);
    /** What a shell adds to the number of the signal that ended a process. */
    private static final int EXIT_CODE_BASE = 128;

    private final StopRequest stop;
    private final Consumer<String> out;
    private final Map<String, Object> before = new HashMap<>();

    /** Listens until closed; {@code out} takes lines for the user, from another thread. */
    Signals(StopRequest stop, Consumer<String> out) {
        this.stop = stop;
        this.out = out;
        NUMBERS.forEach((name, number) -> before.put(name, listen(name, number)));
    }

    private Object listen(String name, int number) {
        Object handler = org.jline.utils.Signals.register(name, () -> heard(number));
        // Null where the virtual machine was told to leave signals alone (-Xrs): then they end the process as ever.
        return handler == null ? name : handler;
    }

    private void heard(int number) {
        if (stop.isMade()) {
            Runtime.getRuntime().halt(EXIT_CODE_BASE + number);
        }
        stop.make();
        out.accept("\nstopping after this step and saving; once more to stop at once, without saving");
    }

    @Override
    public void close() {
        before.forEach(org.jline.utils.Signals::unregister);
    }
}
