package dev.perennial.judge;

import dev.perennial.data.BadSamples;
import dev.perennial.data.Dataset;
import dev.perennial.data.ImageList;
import dev.perennial.judge.MirbLayout.Question;
import dev.perennial.run.AdaptedModel;
import dev.perennial.run.Hashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** MIRB (Zhao et al. 2024, arXiv 2406.12742), as far as a contrastive model can take it. */
final class MirbBenchmark implements Benchmark {
    private final BenchmarkSpec spec;
    private final MirbLayout layout;

    MirbBenchmark(BenchmarkSpec spec, MirbLayout layout) {
        this.spec = spec;
        this.layout = layout;
    }

    @Override
    public String name() {
        return spec.name()
                .orElseGet(() -> layout.folder()
                        .toAbsolutePath()
                        .normalize()
                        .getFileName()
                        .toString());
    }

    @Override
    public BenchmarkKind kind() {
        return BenchmarkKind.MIRB;
    }

    @Override
    public String hash() {
        String images =
                images(layout.questions().keySet()).stream().map(Hashes::sha256).collect(Collectors.joining("\n"));
        String questions = layout.questions().values().stream()
                .flatMap(List::stream)
                .map(question -> question.text() + "\n" + question.answer() + "\n"
                        + question.images().stream()
                                .map(layout.folder()::relativize)
                                .toList())
                .collect(Collectors.joining("\n"));
        return Hashes.sha256(layout.questions().keySet() + "\n" + questions + "\n" + images);
    }

    private Set<Path> images(Set<MirbSubset> subsets) {
        return subsets.stream()
                .flatMap(subset -> layout.questions().getOrDefault(subset, List.of()).stream())
                .flatMap(question -> question.images().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public BenchmarkResult judge(AdaptedModel model, JudgeProgress progress) {
        var embedder = new Embedder(model, progress);
        var bad = new BadSamples();
        Map<Path, float[]> rows = new HashMap<>();
        Set<MirbSubset> scored = layout.questions().keySet().stream()
                .filter(subset -> subset.obstacle().isEmpty() && subset != MirbSubset.JIGSAW)
                .collect(Collectors.toSet());
        if (!scored.isEmpty()) {
            try (Dataset files = ImageList.open(List.copyOf(images(scored)))) {
                embedder.images(files, bad, (sample, row) -> rows.put(Path.of(sample.key()), row));
            }
        }
        var tasks = new MirbTasks(embedder, rows);
        List<Measure> measures = new ArrayList<>();
        for (MirbSubset subset : MirbSubset.values()) {
            List<Question> questions = layout.questions().getOrDefault(subset, List.of());
            if (!questions.isEmpty()) {
                measures.addAll(
                        subset.obstacle().isEmpty()
                                ? tasks.measures(subset, questions)
                                : List.of(Measure.notApplicable(
                                        subset.label(), questions.size(), "not applicable: " + subset.obstacle())));
            }
        }
        List<String> remarks = new ArrayList<>(tasks.remarks());
        if (!layout.variants().isEmpty()) {
            remarks.add("left out, as other forms of subsets: " + String.join(", ", layout.variants()));
        }
        remarks.addAll(Embedder.leftOut(bad));
        return new BenchmarkResult(name(), kind(), hash(), measures, remarks);
    }

    @Override
    public void close() {
        // Images are opened when they are judged.
    }
}
