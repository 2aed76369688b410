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
    TABLE,
    /** COCO captions: annotations in JSON and a folder of images for each split. */
    @JsonProperty("coco-captions")
    COCO_CAPTIONS,
    /** Token files of Flickr8k and Flickr30k. */
    @JsonProperty("flickr-tokens")
    FLICKR_TOKENS,
    /** Karpathy's splits of Flickr8k, Flickr30k and COCO. */
    @JsonProperty("karpathy")
    KARPATHY,
    /** FGVC-Aircraft, in the layout of its authors and torchvision, as all below. */
    @JsonProperty("fgvc-aircraft")
    FGVC_AIRCRAFT,
    /** Caltech-101. */
    @JsonProperty("caltech101")
    CALTECH101,
    /** CIFAR-100, for Python or binary. */
    @JsonProperty("cifar100")
    CIFAR100,
    /** Describable Textures, partition 1. */
    @JsonProperty("dtd")
    DTD,
    /** EuroSAT in RGB. */
    @JsonProperty("eurosat")
    EUROSAT,
    /** Oxford 102 Flower. */
    @JsonProperty("flowers102")
    FLOWERS102,
    /** Food-101. */
    @JsonProperty("food101")
    FOOD101,
    /** MNIST in the idx format. */
    @JsonProperty("mnist")
    MNIST,
    /** Oxford-IIIT Pet. */
    @JsonProperty("oxford-pets")
    OXFORD_PETS,
    /** Stanford Cars. */
    @JsonProperty("stanford-cars")
    STANFORD_CARS,
    /** SUN397. */
    @JsonProperty("sun397")
    SUN397
}
