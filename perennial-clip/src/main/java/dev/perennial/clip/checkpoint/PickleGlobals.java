package dev.perennial.clip.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The allow-list: every class and function that a pickle may name, and what calling it means as data. */
final class PickleGlobals {
    private static final Map<String, StoredType> STORAGES = Map.of(
            "torch.DoubleStorage", StoredType.F64,
            "torch.FloatStorage", StoredType.F32,
            "torch.HalfStorage", StoredType.F16,
            "torch.BFloat16Storage", StoredType.BF16,
            "torch.LongStorage", StoredType.I64,
            "torch.IntStorage", StoredType.I32,
            "torch.ShortStorage", StoredType.I16,
            "torch.CharStorage", StoredType.I8,
            "torch.ByteStorage", StoredType.U8,
            "torch.BoolStorage", StoredType.BOOL);
    private static final Set<String> CALLABLE = Set.of(
            "collections.OrderedDict",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch.Size",
            "torch.device",
            "torch.jit._pickle.build_intlist",
            "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_tensorlist",
            "torch.jit._pickle.restore_type_tag");
    private static final Set<String> TYPES = Set.of(
            "torch.float64",
            "torch.float32",
            "torch.float16",
            "torch.bfloat16",
            "torch.int64",
            "torch.int32",
            "torch.int16",
            "torch.int8",
            "torch.uint8",
            "torch.bool");
    private static final String TORCH_SCRIPT = "__torch__.";

    private PickleGlobals() {}

    static Pickled.Global allowed(String module, String name) {
        String qualified = module + "." + name;
        boolean known = STORAGES.containsKey(qualified)
                || CALLABLE.contains(qualified)
                || TYPES.contains(qualified)
                || qualified.startsWith(TORCH_SCRIPT);
        if (!known) {
            throw new PickleException("names '" + qualified
                    + "', which is no part of a model's weights and could run code in PyTorch; nothing was run. If you trust the"
                    + " file, save its state_dict alone, best as safetensors");
        }
        return new Pickled.Global(qualified);
    }

    static Optional<StoredType> storageType(Pickled.Global global) {
        return Optional.ofNullable(STORAGES.get(global.qualifiedName()));
    }

    /** Returns the fresh object that {@code NEWOBJ} with these arguments makes. */
    static Pickled instance(Pickled.Global type, List<Pickled> arguments) {
        boolean plain = arguments.isEmpty();
        if (plain && type.qualifiedName().startsWith(TORCH_SCRIPT)) {
            return new Pickled.Instance();
        }
        if (plain && type.qualifiedName().equals("collections.OrderedDict")) {
            return new Pickled.Mapping();
        }
        throw new PickleException("creates an object of " + type.qualifiedName() + ", which weights do not need");
    }

    /** Returns what calling an allow-listed function gives. */
    static Pickled call(Pickled.Global function, List<Pickled> arguments) {
        return switch (function.qualifiedName()) {
            case "collections.OrderedDict" -> ordered(arguments);
            case "torch._utils._rebuild_tensor_v2" -> tensor(arguments);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                argument(arguments, 0, Pickled.Tensor.class);
            case "torch.Size" -> argument(arguments, 0, Pickled.Tuple.class);
            case "torch.device" -> argument(arguments, 0, Pickled.Text.class);
            case "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_boollist",
                    "torch.jit._pickle.build_tensorlist",
                    "torch.jit._pickle.restore_type_tag" -> argument(arguments, 0, Pickled.class);
            default -> instance(function, arguments);
        };
    }

    private static Pickled ordered(List<Pickled> arguments) {
        Pickled.Mapping mapping = new Pickled.Mapping();
        if (arguments.isEmpty()) {
            return mapping;
        }
        for (Pickled pair : argument(arguments, 0, Pickled.Sequence.class).items) {
            List<Pickled> items = switch (pair) {
                case Pickled.Tuple tuple -> tuple.items();
                case Pickled.Sequence sequence -> sequence.items;
                default -> List.of();
            };
            put(mapping, argument(items, 0, Pickled.class), argument(items, 1, Pickled.class));
        }
        return mapping;
    }

    static void put(Pickled.Mapping mapping, Pickled key, Pickled value) {
        switch (key) {
            case Pickled.Text _, Pickled.Whole _, Pickled.Real _, Pickled.Truth _ -> mapping.entries.put(key, value);
            default -> throw new PickleException("uses a " + kind(key) + " as the key of a dictionary");
        }
    }

    private static Pickled tensor(List<Pickled> arguments) {
        long offset = argument(arguments, 1, Pickled.Whole.class).value();
        List<Long> shape = dimensions(argument(arguments, 2, Pickled.Tuple.class));
        List<Long> strides = dimensions(argument(arguments, 3, Pickled.Tuple.class));
        if (shape.size() != strides.size()) {
            throw new PickleException("has a tensor of shape " + shape + " with strides " + strides);
        }
        return new Pickled.Tensor(argument(arguments, 0, Pickled.Storage.class), offset, shape, strides);
    }

    /** Returns the storage that a persistent id {@code ('storage', type, key, device, elements)} names. */
    static Pickled.Storage storage(Pickled id) {
        List<Pickled> fields = id instanceof Pickled.Tuple(List<Pickled> items) ? items : List.of();
        if (fields.size() != 5 || !fields.getFirst().equals(new Pickled.Text("storage"))) {
            throw new PickleException("refers to something outside that is not a storage");
        }
        Pickled.Global global = argument(fields, 1, Pickled.Global.class);
        StoredType type = storageType(global)
                .orElseThrow(() -> new PickleException("uses " + global.qualifiedName() + " as a type of storage"));
        return new Pickled.Storage(
                type,
                argument(fields, 2, Pickled.Text.class).value(),
                argument(fields, 4, Pickled.Whole.class).value());
    }

    /** Returns the numbers of a tuple, unless they are so many that copying them again and again would take for ever. */
    private static List<Long> dimensions(Pickled.Tuple tuple) {
        if (tuple.items().size() > Shapes.MAX_RANK) {
            throw new PickleException(
                    "has a tensor of " + tuple.items().size() + " dimensions; " + Shapes.MAX_RANK + " are the limit");
        }
        return tuple.items().stream()
                .map(item -> cast(item, Pickled.Whole.class).value())
                .toList();
    }

    private static <T extends Pickled> T argument(List<Pickled> arguments, int index, Class<T> type) {
        if (index >= arguments.size()) {
            throw new PickleException("calls a function with too few arguments");
        }
        return cast(arguments.get(index), type);
    }

    static <T extends Pickled> T cast(Pickled value, Class<T> type) {
        if (!type.isInstance(value)) {
            throw new PickleException("has a " + kind(value) + " where a " + type.getSimpleName() + " belongs");
        }
        return type.cast(value);
    }

    static String kind(Pickled value) {
        return value instanceof Pickled.Global(String name)
                ? "'" + name + "'"
                : value.getClass().getSimpleName();
    }
}
