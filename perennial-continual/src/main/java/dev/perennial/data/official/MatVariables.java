package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The variables of a MATLAB file, asked for with the shape that a data set gives them. */
record MatVariables(Path file, Map<String, MatValue> values) {
    static MatVariables of(Path file) {
        return new MatVariables(file, MatFile.read(file));
    }

    /** Returns a matrix of whole numbers. */
    int[] integers(String name) {
        if (values.get(name) instanceof MatValue.Numbers(double[] numbers)) {
            int[] integers = new int[numbers.length];
            for (int i = 0; i < integers.length; i++) {
                integers[i] = (int) numbers[i];
            }
            return integers;
        }
        throw missing(name, "numbers");
    }

    /** Returns a cell array of texts. */
    List<String> texts(String name) {
        if (values.get(name) instanceof MatValue.Cells(List<MatValue> items)) {
            return items.stream().map(item -> text(item, name)).toList();
        }
        throw missing(name, "texts");
    }

    /** Returns a field of a struct array. */
    List<MatValue> field(String name, String field) {
        if (values.get(name) instanceof MatValue.Structs(Map<String, List<MatValue>> fields)
                && fields.containsKey(field)) {
            return fields.get(field);
        }
        throw missing(name, "the field " + field);
    }

    String text(MatValue value, String name) {
        if (value instanceof MatValue.Text(String text)) {
            return text;
        }
        throw missing(name, "texts");
    }

    int integer(MatValue value, String name) {
        if (value instanceof MatValue.Numbers(double[] numbers) && numbers.length == 1) {
            return (int) numbers[0];
        }
        throw missing(name, "one number each");
    }

    private IllegalArgumentException missing(String name, String what) {
        return new IllegalArgumentException(file + ": its variable " + name + " does not hold " + what
                + "; is this the file that the data set's authors distribute?");
    }
}
