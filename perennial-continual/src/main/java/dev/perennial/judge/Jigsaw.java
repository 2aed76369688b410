package dev.perennial.judge;

import dev.perennial.clip.image.ImageDecoder;
import dev.perennial.clip.image.Interpolation;
import dev.perennial.clip.image.RgbImage;
import dev.perennial.judge.MirbLayout.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A jigsaw whose first image is the whole picture and whose others are patches; each option is an order of the patches, row by row.
 *
 * @param question the question
 * @param options orders of patches, from 0, by letter
 */
record Jigsaw(Question question, SequencedMap<String, List<Integer>> options) {
    private static final Pattern OPTION = Pattern.compile("\\(?\\b([A-H])[).:]\\s*([^A-H\\n]*)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Reads a question; empty if its form is not known. */
    static Optional<Jigsaw> of(Question question) {
        int patches = question.images().size() - 1;
        SequencedMap<String, List<Integer>> options = new LinkedHashMap<>();
        Matcher matcher = OPTION.matcher(question.text());
        while (matcher.find()) {
            List<Integer> numbers = NUMBER.matcher(matcher.group(2))
                    .results()
                    .map(number -> Integer.parseInt(number.group()))
                    .toList();
            if (numbers.isEmpty()) {
                continue;
            }
            int first = numbers.contains(0) ? 0 : 1;
            List<Integer> order = numbers.stream().map(number -> number - first).toList();
            boolean permutation = order.stream()
                    .sorted()
                    .toList()
                    .equals(IntStream.range(0, patches).boxed().toList());
            if (!permutation || options.put(matcher.group(1), order) != null) {
                return Optional.empty();
            }
        }
        boolean answered = options.containsKey(question.answer().toUpperCase(Locale.ROOT));
        return options.size() < 2 || !answered || columns(patches) == 0
                ? Optional.empty()
                : Optional.of(new Jigsaw(question, options));
    }

    String answer() {
        return question.answer().toUpperCase(Locale.ROOT);
    }

    /** Returns the whole picture, and then the patches put together as each option says. */
    List<RgbImage> pictures() {
        List<RgbImage> images =
                question.images().stream().map(ImageDecoder.STANDARD::decode).toList();
        List<RgbImage> pictures = new ArrayList<>(List.of(images.getFirst()));
        options.sequencedValues().forEach(order -> pictures.add(composed(images.subList(1, images.size()), order)));
        return pictures;
    }

    private static RgbImage composed(List<RgbImage> patches, List<Integer> order) {
        int columns = columns(patches.size());
        int rows = patches.size() / columns;
        int width = patches.getFirst().width();
        int height = patches.getFirst().height();
        byte[] rgb = new byte[3 * columns * width * rows * height];
        for (int place = 0; place < order.size(); place++) {
            byte[] patch = patches.get(order.get(place))
                    .resize(width, height, Interpolation.BICUBIC)
                    .rgb();
            int left = place % columns * width;
            int top = place / columns * height;
            for (int y = 0; y < height; y++) {
                System.arraycopy(patch, 3 * y * width, rgb, 3 * ((top + y) * columns * width + left), 3 * width);
            }
        }
        return new RgbImage(columns * width, rows * height, rgb);
    }

    /** A square grid, or a single row of two or three; 0 if patches make neither. */
    private static int columns(int patches) {
        int root = (int) Math.round(Math.sqrt(patches));
        return patches > 1 && root * root == patches ? root : patches == 2 || patches == 3 ? patches : 0;
    }

    /** Returns the mean difference of two pictures in levels, the first scaled to the size of the second. */
    static double pixelError(RgbImage whole, RgbImage composed) {
        byte[] a = whole.resize(composed.width(), composed.height(), Interpolation.BICUBIC)
                .rgb();
        byte[] b = composed.rgb();
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
        }
        return (double) sum / a.length;
    }
}
