package dev.perennial.cli;

/** How a result is printed. */
enum OutputFormat {
    /** Aligned columns for a terminal. */
    TABLE,
    /** One JSON document. */
    JSON,
    /** Comma-separated values with a header. */
    CSV
}
