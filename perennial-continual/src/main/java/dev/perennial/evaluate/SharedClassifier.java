package dev.perennial.evaluate;

import dev.perennial.method.AdaptedClip;
import dev.perennial.method.ImageClassifier;
import org.jspecify.annotations.Nullable;

/** Keeps the classifier of the last label space: sets that share their candidates share the encoded prompts. */
final class SharedClassifier implements AutoCloseable {
    private final AdaptedClip clip;
    private @Nullable LabelSpace space;
    private @Nullable ImageClassifier classifier;

    SharedClassifier(AdaptedClip clip) {
        this.clip = clip;
    }

    ImageClassifier over(LabelSpace wanted) {
        ImageClassifier kept = classifier;
        if (kept != null
                && space != null
                && space.task().equals(wanted.task())
                && space.candidates().equals(wanted.candidates())) {
            return kept;
        }
        close();
        ImageClassifier made = clip.classifier(wanted.candidates(), wanted.task());
        classifier = made;
        space = wanted;
        return made;
    }

    @Override
    public void close() {
        if (classifier != null) {
            classifier.close();
            classifier = null;
        }
    }
}
