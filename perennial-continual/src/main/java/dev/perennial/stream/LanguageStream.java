package dev.perennial.stream;

import dev.perennial.data.Dataset;
import dev.perennial.data.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * A stream in which the languages of one captioned data set come one after the other (CLL-CLIP, arXiv 2401.17186).
 *
 * <p>An experience has the images that its language says something about; every language is judged among all test images.
 */
final class LanguageStream {
    private LanguageStream() {}

    static ExperienceStream open(Streams data, StreamSpec spec, LanguageSpec languages, List<EvaluationSet> control) {
        Dataset train = data.train(spec, languages.data(), languages.trainLimit());
        Dataset test = data.open(languages.data(), Streams.TEST, languages.testLimit());
        List<String> codes = languages.codes().isEmpty() ? train.languages() : languages.codes();
        if (codes.isEmpty()) {
            throw new IllegalArgumentException(
                    "data set " + train.info().title() + " names no language; list them in stream.languages.codes");
        }
        int[] order = Ordering.of(spec.order(), spec.orders(), spec.orderSeed(), codes);
        List<Experience> experiences = new ArrayList<>();
        List<EvaluationSet> sets = new ArrayList<>();
        for (String code : Arrays.stream(order).mapToObj(codes::get).toList()) {
            int index = experiences.size();
            var supervision = new Supervision.Captions(List.of(code));
            experiences.add(new Experience(index, code, described(train, code), supervision));
            sets.add(new EvaluationSet(code, test, supervision, OptionalInt.of(index)));
        }
        return new ExperienceStream(spec.name(), experiences, Streams.joined(sets, control));
    }

    private static Dataset described(Dataset train, String code) {
        Dataset described = train.filter(sample -> isDescribed(sample, code));
        if (described.size() == 0) {
            throw new IllegalArgumentException(
                    "no training image of " + train.info().title() + " has a caption in '" + code
                            + "'; its languages are " + train.languages());
        }
        return described;
    }

    private static boolean isDescribed(Sample sample, String code) {
        return sample.captions(code).stream().anyMatch(caption -> !caption.isBlank());
    }
}
