package dev.perennial.judge;

import dev.perennial.judge.MirbLayout.Question;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question of how many there are.
 *
 * @param question the question
 * @param noun what is counted
 * @param answer the number
 */
record Counting(Question question, String noun, int answer) {
    /** Numbers that prompts name, from zero. */
    static final List<String> NUMBERS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    private static final Pattern HOW_MANY = Pattern.compile(
            "(?i)\\bhow many ([\\p{L} -]+?) (?:are|is|can|do|does|in|on|appear|were|have|exist|there)\\b");

    /** Reads a question; empty if its form is not known. */
    static Optional<Counting> of(Question question) {
        Matcher matcher = HOW_MANY.matcher(question.text());
        boolean known = matcher.find() && question.answer().matches("\\d{1,4}");
        return known
                ? Optional.of(new Counting(question, matcher.group(1).strip(), Integer.parseInt(question.answer())))
                : Optional.empty();
    }

    /** Returns {@code a photo of zero X} to {@code a photo of ten X}. */
    List<String> prompts() {
        return NUMBERS.stream()
                .map(number -> "a photo of " + number + " " + noun)
                .toList();
    }

    /** Returns the place of the largest value. */
    static int best(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** The probability that so many guesses of 0 to 10 add up to the answer. */
    double chance(int guesses) {
        double[] sums = {1};
        for (int guess = 0; guess < guesses; guess++) {
            double[] next = new double[sums.length + NUMBERS.size() - 1];
            for (int sum = 0; sum < sums.length; sum++) {
                for (int number = 0; number < NUMBERS.size(); number++) {
                    next[sum + number] += sums[sum] / NUMBERS.size();
                }
            }
            sums = next;
        }
        OptionalInt place = answer < sums.length ? OptionalInt.of(answer) : OptionalInt.empty();
        return place.isPresent() ? sums[place.getAsInt()] : 0;
    }
}
