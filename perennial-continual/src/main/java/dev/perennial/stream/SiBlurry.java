package dev.perennial.stream;

import dev.perennial.clip.tensor.MersenneTwister;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of samples in the setting Si-Blurry (Moon et al. 2023, arXiv 2308.09303), with the random calls of its authors' code, so that
 * a seed gives the published stream.
 *
 * @param sessions T
 * @param disjoint share in percent of the classes that belong to one session alone
 * @param blurry share in percent of the samples of the other classes that change their session
 * @param varied whether the sessions' shares are drawn
 */
record SiBlurry(int sessions, int disjoint, int blurry, boolean varied) {
    /**
     * What comes in each session.
     *
     * @param disjointClasses that belong to it alone
     * @param blurryClasses most of whose samples belong to it
     * @param samples positions in the data set, in the order in which they come
     */
    record Order(List<int[]> disjointClasses, List<int[]> blurryClasses, List<int[]> samples) {}

    /**
     * Draws the order of a data set. Classes that do not divide evenly among the sessions never come, nor does a remainder of blurred
     * samples where shares are not varied.
     *
     * @param labels of the samples, {@code 0..classes-1}; others never come
     */
    Order order(int[] labels, int classes, MersenneTwister random) {
        int[] shuffled = random.torchPermutation(classes);
        int own = whole(classes * disjoint / 100);
        int shared = whole(classes - own);
        List<int[]> ownClasses = divided(Arrays.copyOf(shuffled, own), random);
        List<int[]> sharedClasses = divided(Arrays.copyOfRange(shuffled, own, own + shared), random);
        List<List<Integer>> ownSamples = samplesOf(ownClasses, labels, classes);
        List<List<Integer>> sharedSamples = samplesOf(sharedClasses, labels, classes);
        blur(sharedSamples, random);
        List<int[]> samples = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            List<Integer> all = new ArrayList<>(ownSamples.get(session));
            all.addAll(sharedSamples.get(session));
            samples.add(
                    shuffled(all, random).stream().mapToInt(Integer::intValue).toArray());
        }
        return new Order(ownClasses, sharedClasses, samples);
    }

    private int whole(int classes) {
        return classes / sessions * sessions;
    }

    private List<int[]> divided(int[] classes, MersenneTwister random) {
        int[] cuts = varied ? drawnCuts(classes.length, random) : evenCuts(classes.length);
        return IntStream.range(0, sessions)
                .mapToObj(session -> Arrays.copyOfRange(classes, cuts[session], cuts[session + 1]))
                .toList();
    }

    /** Returns T + 1 places from 0 to {@code length}; nothing is drawn where nothing is divided. */
    private int[] drawnCuts(int length, MersenneTwister random) {
        int[] cuts = new int[sessions + 1];
        cuts[sessions] = length;
        if (length > 0) {
            for (int i = 1; i < sessions; i++) {
                cuts[i] = (int) (random.nextUnsigned() % length);
            }
        }
        Arrays.sort(cuts);
        return cuts;
    }

    private int[] evenCuts(int length) {
        return IntStream.rangeClosed(0, sessions)
                .map(session -> length / sessions * session)
                .toArray();
    }

    private List<List<Integer>> samplesOf(List<int[]> classes, int[] labels, int count) {
        int[] home = new int[count];
        Arrays.fill(home, -1);
        for (int session = 0; session < sessions; session++) {
            for (int label : classes.get(session)) {
                home[label] = session;
            }
        }
        List<List<Integer>> samples = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            int at = session;
            samples.add(new ArrayList<>(IntStream.range(0, labels.length)
                    .filter(i -> labels[i] >= 0 && home[labels[i]] == at)
                    .boxed()
                    .toList()));
        }
        return samples;
    }

    /** Takes the first samples of each session, mixes them, and gives as many back. */
    private void blur(List<List<Integer>> samples, MersenneTwister random) {
        int all = samples.stream().mapToInt(List::size).sum();
        int[] cuts = varied ? drawnCuts((int) ((long) all * blurry / 100), random) : new int[0];
        List<Integer> pool = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            List<Integer> here = samples.get(session);
            int wanted = varied ? cuts[session + 1] - cuts[session] : (int) ((long) here.size() * blurry / 100);
            List<Integer> taken = here.subList(0, Math.min(wanted, here.size()));
            pool.addAll(taken);
            taken.clear();
        }
        pool = shuffled(pool, random);
        int[] back = varied ? cuts : evenCuts(pool.size());
        for (int session = 0; session < sessions; session++) {
            int from = Math.min(back[session], pool.size());
            samples.get(session).addAll(pool.subList(from, Math.min(back[session + 1], pool.size())));
        }
    }

    private static List<Integer> shuffled(List<Integer> items, MersenneTwister random) {
        return IntStream.of(random.torchPermutation(items.size()))
                .mapToObj(items::get)
                .toList();
    }
}
