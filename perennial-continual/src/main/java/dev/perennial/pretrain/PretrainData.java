package dev.perennial.pretrain;

import dev.perennial.clip.tensor.RandomStream;
import dev.perennial.clip.tensor.RandomStreams;
import dev.perennial.data.Dataset;
import dev.perennial.data.Datasets;
import dev.perennial.data.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The sources of a pretraining, stored one after another as one data set. */
public final class PretrainData implements AutoCloseable {
    private final List<PretrainSource> sources;
    private final List<Dataset> datasets = new ArrayList<>();
    private final List<Describer> describers = new ArrayList<>();
    private final Dataset all;

    /**
     * Opens the train splits of all sources.
     *
     * @param baseFolder what relative paths are relative to
     * @param cacheFolder where packed shards are unpacked
     */
    public PretrainData(List<PretrainSource> sources, Path baseFolder, Path cacheFolder) {
        this.sources = sources;
        int classes = 0;
        for (PretrainSource source : sources) {
            Dataset dataset = Datasets.open(source.data(), baseFolder, "train", cacheFolder);
            datasets.add(dataset);
            describers.add(new Describer(source, dataset, classes));
            classes += dataset.classNames().size();
        }
        this.all = Dataset.concat(datasets);
    }

    Dataset all() {
        return all;
    }

    Mixture mixture(RandomStreams random) {
        return new Mixture(
                datasets.stream().mapToInt(Dataset::size).toArray(),
                sources.stream().mapToDouble(PretrainSource::weight).toArray(),
                random);
    }

    List<String> corpus() {
        List<String> corpus = new ArrayList<>();
        for (int i = 0; i < datasets.size(); i++) {
            corpus.addAll(describers.get(i).corpus(datasets.get(i)));
        }
        return corpus;
    }

    /** Returns one text for each sample; classes of a batch are described in the same words, so that they are encoded once. */
    List<String> describe(List<Sample> samples, RandomStream random) {
        double words = random.nextDouble();
        return samples.stream()
                .map(sample -> describer(sample).describe(sample, words, random))
                .toList();
    }

    long group(Sample sample) {
        return describer(sample).group(sample);
    }

    private Describer describer(Sample sample) {
        int at = 0;
        for (int remaining = sample.position(); remaining >= datasets.get(at).size(); at++) {
            remaining -= datasets.get(at).size();
        }
        return describers.get(at);
    }

    @Override
    public void close() {
        all.close();
    }
}
