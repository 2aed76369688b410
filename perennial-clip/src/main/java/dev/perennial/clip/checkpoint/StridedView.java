package dev.perennial.clip.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A tensor's checked place in its storage. */
record StridedView(String name, Pickled.Tensor tensor, long elements) {
    static StridedView of(String name, Pickled.Tensor tensor) {
        StridedView view = new StridedView(name, tensor, Shapes.elements(name, array(tensor.shape())));
        view.requireInside();
        return view;
    }

    private void requireInside() {
        long available = tensor.storage().elements();
        boolean inside = tensor.offset() >= 0 && tensor.offset() <= available && elements <= available;
        if (elements > 0 && inside) {
            try {
                long last = tensor.offset();
                for (int axis = 0; axis < tensor.shape().size(); axis++) {
                    long stride = tensor.strides().get(axis);
                    inside &= stride >= 0;
                    last = Math.addExact(last, Math.multiplyExact(tensor.shape().get(axis) - 1, stride));
                }
                inside &= last < available;
            } catch (ArithmeticException e) {
                inside = false;
            }
        }
        if (!inside) {
            throw new PickleException("has tensor '" + name + "' of shape " + tensor.shape() + ", offset "
                    + tensor.offset() + " and strides " + tensor.strides() + " outside its storage of " + available
                    + " elements");
        }
    }

    boolean contiguous() {
        long[] shape = array(tensor.shape());
        long[] packed = Shapes.rowMajorStrides(shape);
        for (int axis = 0; axis < shape.length; axis++) {
            if (elements > 0 && shape[axis] > 1 && tensor.strides().get(axis) != packed[axis]) {
                return false;
            }
        }
        return true;
    }

    long bytes() {
        return elements * tensor.storage().type().bytes();
    }

    StoredTensor over(MemorySegment storage) {
        StoredType type = tensor.storage().type();
        long[] shape = array(tensor.shape());
        return contiguous()
                ? new StoredTensor(name, type, shape, storage.asSlice(tensor.offset() * type.bytes(), bytes()))
                : Shapes.gathered(name, type, storage, tensor.offset(), shape, array(tensor.strides()));
    }

    private static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }
}
