package dev.perennial.benchmarks.onnx;

/** A named constant of an ONNX node. */
record Attribute(String name, ProtoMessage encoded) {
    private static final int NAME = 1;
    private static final int FLOAT = 2;
    private static final int INT = 3;
    private static final int INTS = 8;
    private static final int TYPE = 20;

    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_INTS = 7;

    static Attribute of(String name, double value) {
        return new Attribute(
                name,
                new ProtoMessage()
                        .text(NAME, name)
                        .float32(FLOAT, (float) value)
                        .number(TYPE, TYPE_FLOAT));
    }

    static Attribute of(String name, long value) {
        return new Attribute(
                name, new ProtoMessage().text(NAME, name).number(INT, value).number(TYPE, TYPE_INT));
    }

    static Attribute of(String name, long[] values) {
        ProtoMessage message = new ProtoMessage().text(NAME, name);
        for (long value : values) {
            message.number(INTS, value);
        }
        return new Attribute(name, message.number(TYPE, TYPE_INTS));
    }
}
