package dev.perennial.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/** Tiny pictures with captions by language, in memory, for tests of languages. */
public final class CaptionedPictures {
    private CaptionedPictures() {}

    /** Returns a picture for each of these maps of captions by language. */
    @SafeVarargs
    public static Dataset of(Map<String, List<String>>... captions) {
        List<Sample> samples = new ArrayList<>();
        var languages = new TreeSet<String>();
        for (int i = 0; i < captions.length; i++) {
            int number = i;
            languages.addAll(captions[i].keySet());
            samples.add(new Sample(
                    "picture " + i,
                    i,
                    ImageSource.of("picture " + i, () -> Pictures.png("red", number)),
                    OptionalInt.empty(),
                    Optional.empty(),
                    captions[i],
                    Map.of()));
        }
        return new InMemory(
                new DatasetInfo("captioned", "train", List.of(), List.of(), List.copyOf(languages)), samples);
    }

    private record InMemory(DatasetInfo info, List<Sample> samples) implements Dataset {
        @Override
        public int size() {
            return samples.size();
        }

        @Override
        public Sample sample(int position) {
            return samples.get(position);
        }

        @Override
        public String hash() {
            return new ContentHash().add(info.title()).add(samples.size()).hex();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
