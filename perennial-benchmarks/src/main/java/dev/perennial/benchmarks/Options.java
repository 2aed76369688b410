package dev.perennial.benchmarks;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the speed benchmark.
 *
 * @param quick a few short rounds
 * @param model the name of a bundled model size
 * @param output a Markdown or CSV file for the table
 */
record Options(boolean quick, String model, Optional<Path> output) {
    static final String USAGE = """
            usage: run [speed] [--quick] [--model NAME] [--output FILE.md|FILE.csv]
                   run memory [--steps N]
                   run search [--images N] [--width D] [--rounds N]
                   run zscl [--captions N] [--steps N]
                   run inference [--model NAME] [--rounds N]
                   run checkpoint [--model NAME] [--folder FOLDER]
              --quick   a few short rounds
              --model   a bundled model size with a vision transformer (ViT-B-32-openai)
              --output  where the table goes besides the terminal
              --folder  a folder on the disk to write checkpoints to (the working folder)
              --steps   training steps to watch the memory over (500), or to measure of each kind (15)
              --rounds  how often everything is measured (7)
              --images  images, and texts, of search (100000); each of --width numbers (512)
              --captions  reference captions of zscl (4000); the published ones are about 15,000""";

    /** Reads the options of the speed benchmark. */
    static Options parse(List<String> arguments) {
        boolean quick = false;
        String model = "ViT-B-32-openai";
        Optional<Path> output = Optional.empty();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--quick" -> quick = true;
                case "--model" -> model = value(option, rest);
                case "--output" -> output = Optional.of(Path.of(value(option, rest)));
                default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + USAGE);
            }
        }
        output.ifPresent(Options::requireKnownForm);
        return new Options(quick, model, output);
    }

    static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    private static void requireKnownForm(Path file) {
        if (!file.toString().endsWith(".md") && !file.toString().endsWith(".csv")) {
            throw new IllegalArgumentException(file + ": the table can be written as .md or .csv\n" + USAGE);
        }
    }
}
