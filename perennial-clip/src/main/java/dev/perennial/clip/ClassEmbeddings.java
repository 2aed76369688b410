package dev.perennial.clip;

import dev.perennial.clip.tensor.TensorScope;
import dev.perennial.clip.tensor.Tensors;
import dev.perennial.clip.text.PromptTemplates;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Turns class names into points of the joint space by a prompt ensemble: every template is encoded and normalised, the mean over
 * templates is normalised again (Radford et al. 2021, section 3.1.4).
 */
public final class ClassEmbeddings {
    /** Prompts that are encoded together; bounds the memory of a thousand classes with eighty templates each. */
    private static final int CHUNK = 256;

    private ClassEmbeddings() {}

    /**
     * Returns one normalised row for each class, {@code [classes, embedDim]}.
     *
     * @param embedTexts encodes prompts to normalised rows {@code [prompts, embedDim]}
     * @throws IllegalArgumentException if there is no class name
     */
    public static Tensor of(
            Function<List<String>, Tensor> embedTexts, List<String> classNames, PromptTemplates templates) {
        return ofPrompts(embedTexts, classNames.stream().map(templates::fill).toList());
    }

    /**
     * Returns one normalised row for each class, {@code [classes, embedDim]}.
     *
     * @param embedTexts encodes prompts to normalised rows {@code [prompts, embedDim]}
     * @param promptsByClass the prompts of each class, at least one; classes may differ in their number
     * @throws IllegalArgumentException if there is no class
     */
    public static Tensor ofPrompts(
            Function<List<String>, Tensor> embedTexts, List<? extends List<String>> promptsByClass) {
        if (promptsByClass.isEmpty()) {
            throw new IllegalArgumentException("there are no class names to choose from; give at least one label");
        }
        List<String> prompts = promptsByClass.stream().flatMap(List::stream).toList();
        return TensorScope.compute(() -> {
            List<Tensor> chunks = new ArrayList<>();
            for (int from = 0; from < prompts.size(); from += CHUNK) {
                chunks.add(embedTexts.apply(prompts.subList(from, Math.min(from + CHUNK, prompts.size()))));
            }
            Tensor rows = Tensors.concat(0, chunks.toArray(Tensor[]::new));
            Tensor[] means = new Tensor[promptsByClass.size()];
            long from = 0;
            for (int i = 0; i < means.length; i++) {
                int count = promptsByClass.get(i).size();
                means[i] = rows.narrow(0, from, count).mean(new long[] {0}, true, new ScalarTypeOptional());
                from += count;
            }
            return Tensors.normalized(Tensors.concat(0, means));
        });
    }
}
