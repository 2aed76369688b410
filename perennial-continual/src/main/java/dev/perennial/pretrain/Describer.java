package dev.perennial.pretrain;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.data.Dataset;
import dev.perennial.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Gives each sample of a source a text, and says which texts of a batch mean the same. */
final class Describer {
    private final PretrainSource source;
    private final List<String> classNames;
    private final List<String> templates;
    private final int firstClass;

    /**
     * Creates the describer of one source.
     *
     * @param firstClass number of classes in the sources before this one, so that sources do not share groups
     */
    Describer(PretrainSource source, Dataset dataset, int firstClass) {
        this.source = source;
        this.classNames = dataset.classNames();
        this.templates = dataset.templates().isEmpty() ? List.of("a photo of a {}.") : dataset.templates();
        this.firstClass = firstClass;
        if (source.captions().isEmpty() && classNames.isEmpty()) {
            throw new IllegalArgumentException("data set '" + dataset.name()
                    + "' has neither classes nor are its captions asked for; set captions to a list of languages");
        }
    }

    /**
     * Returns one of the texts that describe a sample.
     *
     * @param words chooses among templates, in {@code [0, 1)}
     * @param random chooses among captions
     */
    String describe(Sample sample, double words, RandomStream random) {
        List<String> texts = texts(sample);
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("sample '" + sample.key() + "' has no caption in "
                    + source.captions().orElse(List.of()) + "; leave it out with where, or name more languages");
        }
        return texts.get(source.captions().isPresent() ? random.nextInt(texts.size()) : (int) (words * texts.size()));
    }

    /** Returns the number of the group of a sample: that of its class, or its own. */
    long group(Sample sample) {
        // Classes count downwards from -1 so that they never meet the positions of captioned samples.
        return source.captions().isPresent()
                ? sample.position()
                : -1 - firstClass - classNames.indexOf(sample.className().orElse(""));
    }

    /** Returns all texts that describe a sample; none for a sample that cannot be used. */
    List<String> texts(Sample sample) {
        if (source.captions().isPresent()) {
            return source.captions().get().stream()
                    .flatMap(language -> sample.captions(language).stream())
                    .toList();
        }
        return sample.className().stream()
                .flatMap(name -> templates.stream().map(template -> template.replace("{}", name)))
                .toList();
    }

    /** Returns texts to train a vocabulary on: all captions, or the classes in all templates. */
    List<String> corpus(Dataset dataset) {
        List<String> corpus = new ArrayList<>();
        if (source.captions().isPresent()) {
            IntStream.range(0, dataset.size()).forEach(i -> corpus.addAll(texts(dataset.sample(i))));
        } else {
            for (String template : templates) {
                classNames.forEach(name -> corpus.add(template.replace("{}", name)));
            }
        }
        return corpus;
    }
}
