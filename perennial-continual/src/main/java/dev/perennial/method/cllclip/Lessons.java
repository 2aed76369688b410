package dev.perennial.method.cllclip;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetInfo;
import dev.perennial.data.ImageSource;
import dev.perennial.data.Sample;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Captions as samples without pixels: all that is learned from an image is in its features. */
record Lessons(DatasetInfo info, List<Lesson> list) implements Dataset {
    private static final ImageSource NONE = new ImageSource() {
        private final RgbImage blank = new RgbImage(1, 1, new byte[3]);

        @Override
        public String name() {
            return "an image whose features are known";
        }

        @Override
        public byte[] read() {
            return new byte[0];
        }

        @Override
        public RgbImage decode() {
            return blank;
        }
    };

    Lessons {
        list = List.copyOf(list);
    }

    @Override
    public int size() {
        return list.size();
    }

    @Override
    public Sample sample(int position) {
        Lesson lesson = list.get(position);
        return new Sample(
                lesson.sample().key(),
                position,
                NONE,
                OptionalInt.empty(),
                lesson.sample().className(),
                Map.of(lesson.language(), List.of(lesson.text())),
                Map.of());
    }

    @Override
    public String hash() {
        return Integer.toHexString(list.hashCode());
    }

    @Override
    public void close() {
        // The data set that the captions come from is the stream's to close.
    }
}
