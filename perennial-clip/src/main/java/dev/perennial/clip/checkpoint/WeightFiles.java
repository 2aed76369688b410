package dev.perennial.clip.checkpoint;

import dev.perennial.clip.guard.BoundedFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The open files that hold the weights of one model: one file, or the shards that an index names.
 *
 * @param format what the content of a single file is
 * @param files the open files
 */
record WeightFiles(CheckpointFormat format, List<TensorFile> files) implements Closeable {
    private static final String INDEX = ".index.json";
    private static final int MAX_SHARDS = 1_000;

    static WeightFiles open(Path path) {
        if (path.toString().endsWith(INDEX)) {
            return openShards(path);
        }
        if (isPytorch(path)) {
            PytorchArchive archive = PytorchArchive.open(path);
            CheckpointFormat script =
                    archive.openAi() ? CheckpointFormat.OPENAI_TORCHSCRIPT : CheckpointFormat.TORCHSCRIPT;
            return new WeightFiles(
                    archive.torchScript() ? script : CheckpointFormat.PYTORCH_STATE_DICT, List.of(archive.file()));
        }
        return new WeightFiles(CheckpointFormat.SAFETENSORS, List.of(Safetensors.read(path)));
    }

    /** Tells by the first bytes: a ZIP archive or a bare pickle is PyTorch's. */
    private static boolean isPytorch(Path path) {
        try (InputStream stream = stream(path)) {
            byte[] start = stream.readNBytes(9);
            boolean zip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
            boolean pickle = start.length >= 2 && start[0] == (byte) 0x80 && start[1] <= 5;
            boolean safetensors = start.length == 9 && start[8] == '{';
            return zip || (pickle && !safetensors);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(path + ": no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static InputStream stream(Path path) throws IOException {
        BoundedFile.requireRegular(path);
        return Files.newInputStream(path);
    }

    private static WeightFiles openShards(Path index) {
        JsonNode map = JsonFile.read(index).path("weight_map");
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode value : map) {
            String name = value.isString() ? value.stringValue() : "";
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*") || name.endsWith(INDEX)) {
                throw new CheckpointException(
                        index, "names " + value + " as a file; only plain file names are allowed");
            }
            names.add(name);
        }
        if (names.isEmpty() || names.size() > MAX_SHARDS) {
            throw new CheckpointException(index, "names " + names.size() + " files in its weight_map");
        }
        List<TensorFile> files = new ArrayList<>();
        CheckpointFormat format = CheckpointFormat.SAFETENSORS;
        boolean complete = false;
        try {
            for (String name : names) {
                WeightFiles shard = open(index.resolveSibling(name));
                format = shard.format;
                files.addAll(shard.files);
            }
            WeightFiles shards = new WeightFiles(format, List.copyOf(files));
            Set<String> present = shards.tensors().keySet();
            for (String tensor : map.propertyNames()) {
                if (!present.contains(tensor)) {
                    throw new CheckpointException(index, "announces '" + tensor + "', which is in none of its files");
                }
            }
            complete = true;
            return shards;
        } finally {
            if (!complete) {
                files.forEach(TensorFile::close);
            }
        }
    }

    /** Returns the tensors of all files by name. */
    Map<String, StoredTensor> tensors() {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (TensorFile file : files) {
            file.tensors().forEach((name, tensor) -> {
                if (tensors.put(name, tensor) != null) {
                    throw new CheckpointException(file.path(), "repeats the tensor '" + name + "' of another file");
                }
            });
        }
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(TensorFile::close);
    }
}
