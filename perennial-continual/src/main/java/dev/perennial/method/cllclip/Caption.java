package dev.perennial.method.cllclip;

import dev.perennial.data.BadSampleException;
import dev.perennial.data.Sample;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A text of an experience with what it belongs to.
 *
 * @param experience where it comes from
 * @param sample the image that it describes, with its position in the experience's data
 * @param language of the text
 * @param text never blank
 * @param english what the teacher is asked in its place: one text, several that count alike, or none
 * @param ofClass whether the text stands for a class, so that all images of the class are described by it
 */
record Caption(
        Experience experience, Sample sample, String language, String text, List<String> english, boolean ofClass) {
    /** Returns all texts of an experience; blank ones and languages that say nothing of an image are left out. */
    static List<Caption> of(Experience experience, String sourceLanguage) {
        List<Caption> captions = new ArrayList<>();
        for (int position = 0; position < experience.train().size(); position++) {
            sample(experience, position).ifPresent(sample -> captions.addAll(of(experience, sample, sourceLanguage)));
        }
        return captions;
    }

    /** A sample whose record cannot be read is listed by whoever loads its image. */
    private static Optional<Sample> sample(Experience experience, int position) {
        try {
            return Optional.of(experience.train().sample(position));
        } catch (BadSampleException e) {
            return Optional.empty();
        }
    }

    private static List<Caption> of(Experience experience, Sample sample, String sourceLanguage) {
        return switch (experience.supervision()) {
            case Supervision.Captions(List<String> languages) -> {
                List<String> english = texts(sample, sourceLanguage);
                List<Caption> captions = new ArrayList<>();
                for (String language : languages) {
                    List<String> texts = texts(sample, language);
                    for (int i = 0; i < texts.size(); i++) {
                        // As many texts in both languages are taken for translations of each other, in their order.
                        List<String> asked = english.size() == texts.size() ? List.of(english.get(i)) : english;
                        captions.add(new Caption(experience, sample, language, texts.get(i), asked, false));
                    }
                }
                yield captions;
            }
            case Supervision.Arriving _ ->
                throw new IllegalArgumentException(
                        "cll-clip goes over the texts of an experience before it learns them, but those of '"
                                + experience.name()
                                + "' show only as they come; use a method such as sit, finetune or replay");
            case Supervision.Labels labels ->
                sample.label().isEmpty()
                        ? List.of()
                        : List.of(ofClass(
                                experience,
                                sample,
                                sourceLanguage,
                                TaskLoss.prompts(labels).get(sample.label().getAsInt())));
        };
    }

    private static Caption ofClass(Experience experience, Sample sample, String language, String prompt) {
        return new Caption(experience, sample, language, prompt, List.of(prompt), true);
    }

    private static List<String> texts(Sample sample, String language) {
        return sample.captions(language).stream()
                .filter(text -> !text.isBlank())
                .toList();
    }
}
