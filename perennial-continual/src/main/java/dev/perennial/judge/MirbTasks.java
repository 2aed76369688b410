package dev.perennial.judge;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.evaluate.statistic.Outcomes;
import dev.perennial.judge.MirbLayout.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How a contrastive model answers the subsets of MIRB that have a closed set of answers. */
final class MirbTasks {
    private final Embedder embedder;
    private final Map<Path, float[]> images;
    private final List<String> remarks = new ArrayList<>();

    /**
     * Creates the tasks.
     *
     * @param images embeddings of all images that could be read
     */
    MirbTasks(Embedder embedder, Map<Path, float[]> images) {
        this.embedder = embedder;
        this.images = images;
    }

    /** Returns how many questions were left out, and why. */
    List<String> remarks() {
        return remarks;
    }

    List<Measure> measures(MirbSubset subset, List<Question> questions) {
        return switch (subset) {
            case JIGSAW -> jigsaw(subset, questions);
            case COUNT -> count(subset, questions, false);
            case SCENE -> count(subset, questions, true);
            case ATTRIBUTE -> sameOrNot(subset, questions);
            case ANALOGY -> analogy(subset, questions);
            case SIGHTSEEING -> {
                List<Measure> measures = new ArrayList<>(sameOrNot(
                        subset,
                        questions.stream()
                                .filter(question -> yes(question).isPresent())
                                .toList()));
                measures.addAll(places(questions.stream()
                        .filter(question -> yes(question).isEmpty())
                        .toList()));
                yield measures;
            }
            case FOOD, CODE, PLOT_CODE, CHAIN, ARXIV ->
                throw new IllegalArgumentException(subset.label() + " is not for a contrastive model");
        };
    }

    private List<Measure> jigsaw(MirbSubset subset, List<Question> questions) {
        List<Jigsaw> jigsaws =
                readable(subset, questions, Jigsaw::of, "options are orders of the patches after the first image");
        if (jigsaws.isEmpty()) {
            return unreadable(subset, questions);
        }
        List<Integer> right = new ArrayList<>();
        List<Integer> rightByPixels = new ArrayList<>();
        double chance = 0;
        for (Jigsaw jigsaw : jigsaws) {
            List<RgbImage> pictures = jigsaw.pictures();
            float[][] rows = embedder.pictures(pictures);
            List<String> letters = List.copyOf(jigsaw.options().keySet());
            double[] cosines = IntStream.range(1, rows.length)
                    .mapToDouble(i -> Embedder.cosine(rows[0], rows[i]))
                    .toArray();
            double[] pixels = IntStream.range(1, rows.length)
                    .mapToDouble(i -> -Jigsaw.pixelError(pictures.getFirst(), pictures.get(i)))
                    .toArray();
            right.add(letters.get(Counting.best(cosines)).equals(jigsaw.answer()) ? 1 : 0);
            rightByPixels.add(letters.get(Counting.best(pixels)).equals(jigsaw.answer()) ? 1 : 0);
            chance += 100.0 / letters.size() / jigsaws.size();
        }
        double majority = majority(jigsaws.stream().map(Jigsaw::answer).toList());
        return List.of(
                Measure.of(subset.label(), outcomes(right)).withChance(chance).withMajority(majority),
                Measure.of(subset.label() + ", pixels alone", outcomes(rightByPixels))
                        .withChance(chance)
                        .withMajority(majority)
                        .withNote("the mean pixel error without any model"));
    }

    private List<Measure> count(MirbSubset subset, List<Question> questions, boolean views) {
        List<Counting> countings = readable(
                subset, questions, question -> Counting.of(question).filter(_ -> seen(question)), "ask 'how many'");
        if (countings.isEmpty()) {
            return unreadable(subset, questions);
        }
        Map<String, float[][]> prompts = new HashMap<>();
        List<Integer> right = new ArrayList<>();
        double error = 0;
        double chance = 0;
        for (Counting counting : countings) {
            float[][] texts = prompts.computeIfAbsent(counting.noun(), _ -> embedder.texts(counting.prompts()));
            int answer = views ? ofViews(counting, texts) : ofSum(counting, texts);
            right.add(answer == counting.answer() ? 1 : 0);
            error += Math.abs(answer - counting.answer());
            chance += counting.chance(views ? 1 : counting.question().images().size());
        }
        String how = views
                ? "one number from 0 to 10 by the mean over views"
                : "numbers from 0 to 10 by image, added up; CLIP is poor at counting";
        return List.of(Measure.of(subset.label(), outcomes(right))
                .withChance(100 * chance / countings.size())
                .withMajority(majority(countings.stream()
                        .map(counting -> "" + counting.answer())
                        .toList()))
                .withNote(String.format(Locale.ROOT, "%s; mean absolute error %.2f", how, error / countings.size())));
    }

    private int ofSum(Counting counting, float[][] texts) {
        return counting.question().images().stream()
                .mapToInt(image -> Counting.best(cosines(List.of(image), texts)))
                .sum();
    }

    private int ofViews(Counting counting, float[][] texts) {
        return Counting.best(cosines(counting.question().images(), texts));
    }

    private List<Measure> sameOrNot(MirbSubset subset, List<Question> questions) {
        var task = new BinaryTask(subset.label() + ", yes or no");
        for (Question question : questions) {
            Optional<Boolean> yes = yes(question);
            if (yes.isPresent() && seen(question) && question.images().size() > 1) {
                double smallest = 1;
                for (Path a : question.images()) {
                    for (Path b : question.images()) {
                        smallest = Math.min(smallest, Embedder.cosine(row(a), row(b)));
                    }
                }
                task.add(smallest, yes.get());
            }
        }
        leftOut(subset, questions.size() - task.size(), "no yes or no about two or more images that can be read");
        return task.measures();
    }

    /** Images a, b, c, d with a to b as c to d. */
    private List<Measure> analogy(MirbSubset subset, List<Question> questions) {
        var task = new BinaryTask(subset.label());
        for (Question question : questions) {
            Optional<Boolean> yes = yes(question);
            if (yes.isPresent() && seen(question) && question.images().size() == 4) {
                float[] one =
                        difference(question.images().get(0), question.images().get(1));
                float[] other =
                        difference(question.images().get(2), question.images().get(3));
                double lengths = Math.sqrt(Embedder.cosine(one, one) * Embedder.cosine(other, other));
                task.add(lengths == 0 ? 0 : Embedder.cosine(one, other) / lengths, yes.get());
            }
        }
        leftOut(subset, questions.size() - task.size(), "no yes or no about four images that can be read");
        return task.measures();
    }

    private List<Measure> places(List<Question> questions) {
        List<Question> usable = questions.stream().filter(this::seen).toList();
        leftOut(MirbSubset.SIGHTSEEING, questions.size() - usable.size(), "an image cannot be read");
        if (usable.isEmpty()) {
            return List.of();
        }
        List<String> names = usable.stream().map(Question::answer).distinct().toList();
        float[][] texts =
                embedder.texts(names.stream().map(name -> "a photo of " + name).toList());
        List<Integer> right = usable.stream()
                .map(question -> names.get(Counting.best(cosines(question.images(), texts)))
                                .equals(question.answer())
                        ? 1
                        : 0)
                .toList();
        return List.of(Measure.of(MirbSubset.SIGHTSEEING.label() + ", name of a place", outcomes(right))
                .withChance(100.0 / names.size())
                .withMajority(majority(usable.stream().map(Question::answer).toList()))
                .withNote("closed set: chosen among the " + names.size() + " right answers of all questions"));
    }

    private <T> List<T> readable(
            MirbSubset subset, List<Question> questions, Function<Question, Optional<T>> reader, String form) {
        List<T> read = questions.stream().map(reader).flatMap(Optional::stream).toList();
        leftOut(subset, questions.size() - read.size(), "unknown form; those that are read " + form);
        return read;
    }

    private static List<Measure> unreadable(MirbSubset subset, List<Question> questions) {
        return List.of(Measure.notApplicable(
                subset.label(), questions.size(), "not applicable: no question has a form that is known"));
    }

    private void leftOut(MirbSubset subset, int count, String reason) {
        if (count > 0) {
            remarks.add(subset.label() + ": " + count + " questions left out (" + reason + ")");
        }
    }

    private boolean seen(Question question) {
        return images.keySet().containsAll(question.images());
    }

    private float[] row(Path image) {
        return java.util.Objects.requireNonNull(images.get(image), "only images that were read are asked for");
    }

    private float[] difference(Path from, Path to) {
        float[] difference = row(to).clone();
        float[] start = row(from);
        for (int d = 0; d < difference.length; d++) {
            difference[d] -= start[d];
        }
        return difference;
    }

    /** The mean cosine of images with each text. */
    private double[] cosines(List<Path> of, float[][] texts) {
        return Arrays.stream(texts)
                .mapToDouble(text -> of.stream()
                        .mapToDouble(image -> Embedder.cosine(row(image), text))
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static Optional<Boolean> yes(Question question) {
        return switch (question.answer().toLowerCase(Locale.ROOT)) {
            case "yes", "yes." -> Optional.of(true);
            case "no", "no." -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static Outcomes outcomes(List<Integer> right) {
        return Outcomes.of(right.stream().mapToInt(Integer::intValue));
    }

    private static double majority(Collection<String> answers) {
        Map<String, Long> counts =
                answers.stream().collect(Collectors.groupingBy(answer -> answer, Collectors.counting()));
        return 100.0 * counts.values().stream().mapToLong(Long::longValue).max().orElse(0) / answers.size();
    }
}
