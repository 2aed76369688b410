package dev.perennial.method.tune;

import dev.perennial.clip.tower.TokenBatch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What the student made of a batch; valid until the step ends.
 *
 * @param images features before normalisation, {@code [batch, embedDim]}
 * @param texts features before normalisation of the prompts of all classes, or of one caption for each image, {@code [texts, embedDim]}
 * @param tokens what the text features were made from
 * @param matches for each image the row of its text
 * @param captions the captions that were chosen; empty where images have classes
 * @param loss of the task, a scalar
 */
@SuppressWarnings("ArrayRecordComponent") // Made and read within one step; never compared.
public record Forward(
        Tensor images, Tensor texts, TokenBatch tokens, long[] matches, List<String> captions, Tensor loss) {}
