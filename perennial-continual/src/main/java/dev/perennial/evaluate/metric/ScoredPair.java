package dev.perennial.evaluate.metric;

/**
 * The scores of the two statements of a CLIP-blind pair to its two images (MMVP-VLM).
 *
 * @param pattern the visual pattern that the pair tests, such as {@code Orientation and Direction}
 * @param firstQuestion the id of the first statement; the right answer of an odd id is image 1, of an even id image 2
 * @param secondQuestion the id of the second statement
 * @param scores {@code [statement][image]}
 */
public record ScoredPair(String pattern, int firstQuestion, int secondQuestion, Scores scores) {
    /** Checks that one id is odd and the other even. */
    public ScoredPair {
        if (((firstQuestion ^ secondQuestion) & 1) == 0) {
            throw new IllegalArgumentException("questions " + firstQuestion + " and " + secondQuestion
                    + " cannot be a pair: one id must be odd and the other even");
        }
    }

    /**
     * The similarity of each statement to each image; only their order within a statement or an image matters.
     *
     * @param firstToImage1 first statement, image 1
     * @param firstToImage2 first statement, image 2
     * @param secondToImage1 second statement, image 1
     * @param secondToImage2 second statement, image 2
     */
    public record Scores(float firstToImage1, float firstToImage2, float secondToImage1, float secondToImage2) {}

    /** Returns the image, 1 or 2, that the first statement chooses; a tie goes to image 2. */
    public int firstChoice() {
        return scores.firstToImage1 > scores.firstToImage2 ? 1 : 2;
    }

    /** Returns the image, 1 or 2, that the second statement chooses; a tie goes to image 2. */
    public int secondChoice() {
        return scores.secondToImage1 > scores.secondToImage2 ? 1 : 2;
    }

    /** Returns the right answer, 1 or 2, of the first statement. */
    public int firstAnswer() {
        return answer(firstQuestion);
    }

    /** Returns the right answer, 1 or 2, of the second statement. */
    public int secondAnswer() {
        return answer(secondQuestion);
    }

    /** Returns how many of the two statements chose their image. */
    public int rightStatements() {
        return (firstChoice() == firstAnswer() ? 1 : 0) + (secondChoice() == secondAnswer() ? 1 : 0);
    }

    /** Returns whether both statements chose their image: the benchmark's rule. */
    public boolean textToImageRight() {
        return rightStatements() == 2;
    }

    /** Returns whether both images prefer their own statement; a tie goes to the statement of image 2. */
    public boolean imageToTextRight() {
        boolean inOrder = firstAnswer() == 1;
        float ownOf1 = inOrder ? scores.firstToImage1 : scores.secondToImage1;
        float otherOf1 = inOrder ? scores.secondToImage1 : scores.firstToImage1;
        float ownOf2 = inOrder ? scores.secondToImage2 : scores.firstToImage2;
        float otherOf2 = inOrder ? scores.firstToImage2 : scores.secondToImage2;
        return ownOf1 > otherOf1 && ownOf2 >= otherOf2;
    }

    private static int answer(int question) {
        return question % 2 == 1 ? 1 : 2;
    }
}
