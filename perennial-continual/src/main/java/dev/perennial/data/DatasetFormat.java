package dev.perennial.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a data set is stored. */
public enum DatasetFormat {
    /** Tar shards, plain or packed with gzip. */
    @JsonProperty("webdataset")
    WEBDATASET,
    /** Image files in folders named by split and class. */
    @JsonProperty("folder")
    FOLDER,
    /** A CSV or TSV table of image paths, captions and labels. */
    @JsonProperty("table")
    TABLE
}
