package dev.perennial.method.moe;

import dev.perennial.clip.golden.GoldenCase;
import dev.perennial.clip.golden.GoldenClip;
import dev.perennial.clip.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The mixture of one block of a golden case. */
final class GoldenMixture implements AutoCloseable {
    final Mixture mixture;
    final List<Router> routers = new ArrayList<>();
    final int topK;
    /** All parameters, by the case's own names. */
    final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();

    /**
     * Reads a mixture.
     *
     * @param block what stands before the names of the block's parameters, such as {@code visual.transformer.resblocks.0.}
     */
    GoldenMixture(GoldenCase golden, String block) {
        String prefix = "param." + block;
        topK = golden.config().required("top_k").asInt();
        double scale = golden.config().required("adapter_scale").asDouble();
        List<Expert> experts = new ArrayList<>();
        try (var _ = new TensorScope()) {
            for (String list = "adaptmlp_list.0."; golden.has(prefix + list + "up_proj.bias"); ) {
                experts.add(new Expert(
                        parameter(golden, block, list + "down_proj.weight"),
                        parameter(golden, block, list + "down_proj.bias"),
                        parameter(golden, block, list + "up_proj.weight"),
                        parameter(golden, block, list + "up_proj.bias"),
                        scale));
                list = "adaptmlp_list." + experts.size() + ".";
            }
            while (golden.has(prefix + "router_list." + routers.size())) {
                Tensor gate = parameter(golden, block, "router_list." + routers.size());
                boolean noisy = golden.has(prefix + "w_noise_list." + routers.size());
                routers.add(new Router(
                        gate,
                        noisy
                                ? parameter(golden, block, "w_noise_list." + routers.size())
                                : torch.zeros_like(gate).retainReference()));
            }
        }
        int width = Math.toIntExact(experts.getFirst().upBias().numel());
        int bottleneck = Math.toIntExact(experts.getFirst().downBias().numel());
        mixture = new Mixture(width, new MixtureSettings(experts.size(), topK, bottleneck, scale, 0), experts);
        routers.forEach(mixture::add);
    }

    private Tensor parameter(GoldenCase golden, String block, String name) {
        Tensor tensor =
                GoldenClip.tensor(golden.tensor("param." + block + name)).retainReference();
        parameters.put(block + name, tensor);
        return tensor.set_requires_grad(true);
    }

    @Override
    public void close() {
        mixture.close();
    }
}
