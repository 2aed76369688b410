package dev.perennial.method.distill;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.text.PromptTemplates;
import dev.perennial.clip.text.Tokenizer;
import dev.perennial.data.BadSampleException;
import dev.perennial.data.Dataset;
import dev.perennial.method.MethodContext;
import dev.perennial.method.tune.TaskLoss;
import dev.perennial.stream.Experience;
import dev.perennial.stream.Supervision;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Turns a choice of sentences into token ids. */
final class SentenceTokens {
    private static final String END_OF_WORD = "</w>";
    private static final int SHORTEST_WORD = 3;

    private final Tokenizer tokenizer;
    private final MethodContext.DataAccess data;

    SentenceTokens(Tokenizer tokenizer, MethodContext.DataAccess data) {
        this.tokenizer = tokenizer;
        this.data = data;
    }

    /** Returns the ids of each sentence, start and end token included; random ones follow from the seed. */
    List<int[]> of(Sentences sentences, Experience experience, long seed) {
        var random = new RandomStream(seed);
        return switch (sentences) {
            case Sentences.OfExperience(int captions) ->
                tokenizer.encodeAll(ofExperience(experience, captions, random));
            case Sentences.RandomTokens(int count, int length) ->
                Stream.generate(() -> randomTokens(length, random)).limit(count).toList();
            case Sentences.RandomWords(int count, int words) -> tokenizer.encodeAll(randomWords(count, words, random));
            case Sentences.OfDataset(var spec, var languages) -> {
                try (Dataset dataset = data.open(spec)) {
                    yield tokenizer.encodeAll(ofDataset(dataset, languages));
                }
            }
        };
    }

    private static List<String> ofExperience(Experience experience, int captions, RandomStream random) {
        return switch (experience.supervision()) {
            case Supervision.Labels labels -> TaskLoss.prompts(labels);
            case Supervision.Arriving _ -> TaskLoss.prompts(experience.requireLabels("a teacher of class prompts"));
            case Supervision.Captions(List<String> languages) -> {
                Dataset train = experience.train();
                yield IntStream.of(random.permutation(train.size()))
                        .boxed()
                        .flatMap(position -> captions(train, position, languages))
                        .limit(captions)
                        .toList();
            }
        };
    }

    /** A string never holds the start or the end token, which would move the place where it is pooled. */
    private int[] randomTokens(int length, RandomStream random) {
        if (length + 2 > tokenizer.contextLength()) {
            throw new IllegalArgumentException(
                    "length must be at most " + (tokenizer.contextLength() - 2) + " for this model but is " + length);
        }
        IntStream tokens = IntStream.generate(() -> random.nextInt(tokenizer.vocabularySize()))
                .filter(id -> id != tokenizer.startId() && id != tokenizer.endId())
                .limit(length);
        return IntStream.concat(
                        IntStream.concat(IntStream.of(tokenizer.startId()), tokens), IntStream.of(tokenizer.endId()))
                .toArray();
    }

    private List<String> randomWords(int count, int words, RandomStream random) {
        List<String> known = tokenizer.vocabulary().tokens().stream()
                .filter(token -> token.endsWith(END_OF_WORD))
                .map(token -> token.substring(0, token.length() - END_OF_WORD.length()))
                .filter(word -> word.length() >= SHORTEST_WORD && word.chars().allMatch(c -> c >= 'a' && c <= 'z'))
                .toList();
        if (known.isEmpty()) {
            throw new IllegalArgumentException(
                    "the vocabulary of this model has no whole words; set options.strings to tokens");
        }
        return Stream.generate(() -> String.join(
                        " ",
                        Stream.generate(() -> known.get(random.nextInt(known.size())))
                                .limit(words)
                                .toList()))
                .limit(count)
                .toList();
    }

    private static SequencedSet<String> ofDataset(Dataset dataset, List<String> languages) {
        SequencedSet<String> sentences = new LinkedHashSet<>();
        IntStream.range(0, dataset.size())
                .boxed()
                .flatMap(position -> captions(dataset, position, languages))
                .forEach(sentences::add);
        if (sentences.isEmpty()) {
            PromptTemplates templates = dataset.templates().isEmpty()
                    ? PromptTemplates.of("a photo of a {}.")
                    : new PromptTemplates(dataset.templates());
            dataset.classNames()
                    .forEach(name -> sentences.add(templates.fill(name).getFirst()));
        }
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException(dataset.info().title() + ": has neither captions in " + languages
                    + " nor classes; name another data set or other languages in options.reference");
        }
        return sentences;
    }

    private static Stream<String> captions(Dataset dataset, int position, List<String> languages) {
        try {
            var sample = dataset.sample(position);
            return languages.stream().flatMap(language -> sample.captions(language).stream());
        } catch (BadSampleException e) {
            // Whoever loads its image lists it.
            return Stream.empty();
        }
    }
}
