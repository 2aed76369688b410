package dev.perennial.clip.checkpoint;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of {@code torch.save} or a TorchScript archive, read as data: no code in it is run, compiled or looked at.
 *
 * <p>Nested dictionaries and modules give dotted names. A training checkpoint gives its {@code state_dict}; the prefixes of
 * {@code DistributedDataParallel} and {@code torch.compile} are taken off. Tensors are views of the mapped file where their strides
 * allow.
 *
 * @param file the tensors by name
 * @param torchScript whether the file is a TorchScript archive
 * @param openAi whether it is one of OpenAI's form, with the input resolution among its attributes
 */
public record PytorchArchive(TensorFile file, boolean torchScript, boolean openAi) implements Closeable {
    private static final int MAX_PICKLE_BYTES = 1 << 25;
    private static final long SPARE_BYTES = 1 << 26;
    private static final Set<String> OPEN_AI_SCALARS = Set.of("input_resolution", "context_length", "vocab_size");
    private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.");

    /**
     * Opens an archive.
     *
     * @throws CheckpointException if it is damaged, holds anything but weights, or is of a PyTorch before 1.6
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static PytorchArchive open(Path path) {
        return MappedFile.open(path, (mapped, arena) -> parsed(path, mapped, arena));
    }

    /** Reads an archive that is in memory already; the tensors are views of it, and closing them closes the arena. */
    static PytorchArchive parsed(Path path, MemorySegment mapped, Arena arena) {
        try {
            requireZip(mapped);
            Source source = Source.of(mapped);
            Pickled root = PickleReader.read(source.pickle());
            Map<String, Pickled.Tensor> found = new LinkedHashMap<>();
            new PickledTensors(found).collect("", unwrapped(root), 0);
            found = withoutPrefixes(found);
            boolean openAi = found.keySet().containsAll(OPEN_AI_SCALARS);
            found.keySet().removeAll(OPEN_AI_SCALARS);
            if (found.isEmpty()) {
                throw new PickleException("holds no tensors");
            }
            boolean script = root instanceof Pickled.Instance;
            TensorFile file = new TensorFile(path, source.tensors(found), Map.of(), mapped, arena);
            return new PytorchArchive(file, script, script && openAi);
        } catch (PickleException | IllegalArgumentException e) {
            throw new CheckpointException(path, String.valueOf(e.getMessage()), e);
        }
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        file.close();
    }

    private static void requireZip(MemorySegment mapped) {
        boolean zip = mapped.byteSize() >= 30 && mapped.get(Elements.INT, 0) == 0x04034b50;
        if (zip) {
            return;
        }
        boolean legacy = mapped.byteSize() >= 4 && (mapped.get(Elements.INT, 0) & 0xFFFF) == 0x0280;
        throw new PickleException(
                legacy
                        ? "was saved by PyTorch before 1.6 or without the ZIP format, which is not read here; in Python,"
                                + " torch.save(torch.load(file), newFile) converts it, or write safetensors"
                        : "is not a PyTorch archive; fetch it again or check what it is");
    }

    private static Pickled unwrapped(Pickled root) {
        if (root instanceof Pickled.Mapping mapping) {
            for (String wrapper : WRAPPERS) {
                Pickled inner = mapping.entries.get(new Pickled.Text(wrapper));
                if (inner instanceof Pickled.Mapping) {
                    return inner;
                }
            }
        }
        return root;
    }

    private static Map<String, Pickled.Tensor> withoutPrefixes(Map<String, Pickled.Tensor> found) {
        Map<String, Pickled.Tensor> names = found;
        for (String prefix : PREFIXES) {
            if (names.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
                Map<String, Pickled.Tensor> shorter = new LinkedHashMap<>();
                names.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
                names = shorter;
            }
        }
        return names;
    }

    /** The opened ZIP with its one root folder. */
    private record Source(StoredZip zip, String root, long fileBytes) {
        static Source of(MemorySegment mapped) {
            StoredZip zip = new StoredZip(mapped);
            String found = "";
            for (String name : zip.names()) {
                if (name.endsWith("/data.pkl") && name.indexOf('/') == name.lastIndexOf('/')) {
                    if (!found.isEmpty()) {
                        throw new PickleException("has two roots, '" + found + "' and '" + name + "'");
                    }
                    found = name;
                }
            }
            if (found.isEmpty()) {
                throw new PickleException("is a ZIP file without data.pkl, not a PyTorch archive");
            }
            Source source =
                    new Source(zip, found.substring(0, found.length() - "data.pkl".length()), mapped.byteSize());
            source.requireLittleEndian();
            return source;
        }

        private void requireLittleEndian() {
            String entry = root + "byteorder";
            if (zip.has(entry) && zip.data(entry).byteSize() == 3) {
                throw new PickleException("was saved on a big-endian machine; save it again on a little-endian one");
            }
        }

        ByteBuffer pickle() {
            MemorySegment pickle = zip.data(root + "data.pkl");
            if (pickle.byteSize() > MAX_PICKLE_BYTES) {
                throw new PickleException("has a pickle of " + pickle.byteSize() + " bytes; weights need far less");
            }
            return pickle.asByteBuffer();
        }

        Map<String, StoredTensor> tensors(Map<String, Pickled.Tensor> found) {
            Map<String, MemorySegment> storages = new HashMap<>();
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            long copied = 0;
            for (var entry : found.entrySet()) {
                Pickled.Storage storage = entry.getValue().storage();
                MemorySegment data = storages.computeIfAbsent(storage.key(), key -> zip.data(root + "data/" + key));
                boolean exact = storage.elements() >= 0
                        && storage.elements()
                                <= data.byteSize() / storage.type().bytes()
                        && storage.elements() * storage.type().bytes() == data.byteSize();
                if (!exact) {
                    throw new PickleException("announces " + storage.elements() + " elements of " + storage.type()
                            + " in its storage '" + storage.key() + "' of " + data.byteSize() + " bytes");
                }
                StridedView view = StridedView.of(entry.getKey(), entry.getValue());
                copied += view.contiguous() ? 0 : view.bytes();
                if (copied > fileBytes + SPARE_BYTES) {
                    throw new PickleException("has views that unfold to more than the file holds");
                }
                tensors.put(entry.getKey(), view.over(data));
            }
            return tensors;
        }
    }
}
