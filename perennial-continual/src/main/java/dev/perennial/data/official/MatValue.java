package dev.perennial.data.official;

import java.util.List;
import java.util.Map;

/** A value of a MATLAB file. */
sealed interface MatValue {
    /** A matrix of numbers, column after column. */
    @SuppressWarnings("ArrayRecordComponent") // Made, read once and dropped; never compared.
    record Numbers(double[] values) implements MatValue {}

    /** A row of characters. */
    record Text(String value) implements MatValue {}

    /** A cell array, column after column. */
    record Cells(List<MatValue> items) implements MatValue {}

    /** A struct array: the values of each field, one for each element. */
    record Structs(Map<String, List<MatValue>> fields) implements MatValue {}

    /** A value of a kind that no data set here uses. */
    record Other() implements MatValue {}
}
