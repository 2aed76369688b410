package dev.perennial.method.cllclip;

import dev.perennial.data.Sample;

/**
 * A caption to learn.
 *
 * @param sample what it says about what
 * @param language of the caption
 * @param text the caption
 * @param tokens its ids
 * @param image row of the image's features
 * @param target row of the teacher's feature, -1 where there is none
 * @param imageId equal for captions of one image
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Lesson(Sample sample, String language, String text, int[] tokens, int image, int target, long imageId) {}
