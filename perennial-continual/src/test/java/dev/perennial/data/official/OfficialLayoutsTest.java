package dev.perennial.data.official;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.clip.image.RgbImage;
import dev.perennial.data.Dataset;
import dev.perennial.data.DatasetException;
import dev.perennial.data.DatasetSpec;
import dev.perennial.data.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class OfficialLayoutsTest {
    @TempDir
    Path root;

    @Test
    void aircraftIsListedByVariant() {
        folders()
                .text("data/variants.txt", "707-320", "A340-300", "DC-10")
                .text("data/images_variant_train.txt", "1025794 DC-10", "1340192 707-320")
                .text("data/images_variant_test.txt", "0900914 A340-300")
                .picture("data/images/1025794.jpg", 7)
                .picture("data/images/1340192.jpg", 8)
                .picture("data/images/0900914.jpg", 9);
        try (Dataset train = open("fgvc-aircraft", "train");
                Dataset test = open("fgvc-aircraft", "test")) {
            assertThat(train.classNames()).containsExactly("707-320", "A340-300", "DC-10");
            assertThat(train.labels()).containsExactly(2, 0);
            assertThat(train.templates())
                    .containsExactly("a photo of a {}, a type of aircraft.", "a photo of the {}, a type of aircraft.");
            assertThat(red(train, 0)).isEqualTo(7);
            assertThat(test.sample(0).className()).contains("A340-300");
            assertThat(test.classNames()).isEqualTo(train.classNames());
        }
        folders().text("data/images_variant_train.txt", "1025794 Concorde");
        assertThatThrownBy(() -> open("fgvc-aircraft", "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("Concorde");
    }

    @Test
    void caltechIsSplitAsZsclSplitsIt() {
        // The benchmark's names stand for the 101 folders in order; the background does not count.
        for (int i = 0; i < 101; i++) {
            folders().picture("101_ObjectCategories/class%03d/image_0001.jpg".formatted(i), i);
        }
        folders().picture("101_ObjectCategories/BACKGROUND_Google/image_0001.jpg", 200);
        try (Dataset train = open("caltech101", "train");
                Dataset test = open("caltech101", "test")) {
            assertThat(train.size()).isEqualTo(80);
            assertThat(test.size()).isEqualTo(21);
            assertThat(train.classNames()).hasSize(101).startsWith("off-center face", "centered face", "leopard");
            assertThat(train.templates()).hasSize(34).startsWith("a photo of a {}.");
            List<Integer> all = new ArrayList<>();
            for (Dataset part : List.of(train, test)) {
                IntStream.range(0, part.size()).forEach(i -> {
                    assertThat(red(part, i)).isEqualTo(part.labels()[i]);
                    all.add(part.labels()[i]);
                });
            }
            assertThat(all).doesNotHaveDuplicates().hasSize(101);
        }
    }

    @Test
    void caltechWithoutAllCategoriesIsRefused() {
        folders().picture("101_ObjectCategories/accordion/image_0001.jpg", 1);
        assertThatThrownBy(() -> open("caltech101", "train")).hasMessageContaining("1 categories instead of 101");
    }

    @Test
    void cifarForPythonIsParsedAsData() {
        byte[] pixels = concatenated(OfficialFolders.planes(10), OfficialFolders.planes(20));
        folders()
                .file(
                        "cifar-100-python/meta",
                        new OfficialFolders.Pickle()
                                .texts("fine_label_names", List.of("apple", "aquarium_fish"))
                                .texts("coarse_label_names", List.of("fruit", "fish"))
                                .end());
        for (String split : List.of("train", "test")) {
            folders()
                    .file(
                            "cifar-100-python/" + split,
                            new OfficialFolders.Pickle()
                                    .texts("filenames", List.of("a.png", "b.png"))
                                    .numbers("fine_labels", 1, 0)
                                    .numbers("coarse_labels", 1, 0)
                                    .array("data", 2, 3072, pixels)
                                    .end());
        }
        try (Dataset train = open("cifar100", "train")) {
            assertThat(train.classNames()).containsExactly("apple", "aquarium fish");
            assertThat(train.labels()).containsExactly(1, 0);
            assertThat(train.templates()).hasSize(18);
            RgbImage image = train.sample(1).image().decode();
            assertThat(List.of(image.value(5, 6, 0), image.value(5, 6, 1), image.value(5, 6, 2)))
                    .containsExactly(20, 40, 60);
        }
    }

    @Test
    void aPickleThatNamesAnythingElseIsRefused() {
        folders()
                .file(
                        "cifar-100-python/meta",
                        new OfficialFolders.Pickle()
                                .shortText("x")
                                .raw("cos\nsystem\nU\u0004trueR")
                                .end());
        assertThatThrownBy(() -> open("cifar100", "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("os.system")
                .hasMessageContaining("nothing was run");
    }

    @Test
    void cifarInBinaryHasTwoLabelsBeforeEachPicture() {
        byte[] records = concatenated(
                new byte[] {4, 1}, OfficialFolders.planes(3), new byte[] {0, 0}, OfficialFolders.planes(5));
        folders()
                .text("cifar-100-binary/fine_label_names.txt", "apple", "aquarium_fish")
                .file("cifar-100-binary/train.bin", records)
                .file("cifar-100-binary/test.bin", Arrays.copyOf(records, 3000));
        try (Dataset train = open("cifar100", "train")) {
            assertThat(train.labels()).containsExactly(1, 0);
            assertThat(red(train, 1)).isEqualTo(5);
        }
        assertThatThrownBy(() -> open("cifar100", "test")).hasMessageContaining("3000 bytes");
    }

    @Test
    void texturesAreThoseOfPartitionOne() {
        folders()
                .text("dtd/labels/train1.txt", "polka-dotted/polka-dotted_0001.jpg", "banded/banded_0002.jpg")
                .text("dtd/labels/test1.txt", "polka-dotted/polka-dotted_0003.jpg", "banded/banded_0004.jpg")
                .picture("dtd/images/banded/banded_0002.jpg", 33);
        try (Dataset train = open("dtd", "train");
                Dataset test = open("dtd", "test")) {
            assertThat(train.classNames()).containsExactly("banded", "polka-dotted");
            assertThat(train.labels()).containsExactly(1, 0);
            assertThat(test.classNames()).isEqualTo(train.classNames());
            assertThat(train.templates()).hasSize(8).startsWith("a photo of a {} texture.");
            assertThat(red(train, 1)).isEqualTo(33);
        }
    }

    @Test
    void euroSatNamesItsFoldersInWords() {
        for (String name : List.of(
                "AnnualCrop",
                "Forest",
                "HerbaceousVegetation",
                "Highway",
                "Industrial",
                "Pasture",
                "PermanentCrop",
                "Residential",
                "River",
                "SeaLake")) {
            folders().picture("2750/" + name + "/" + name + "_1.jpg", 1);
        }
        try (Dataset train = open("eurosat", "train");
                Dataset test = open("eurosat", "test")) {
            // The first numbers of torch.randperm(10) with seed 42.
            assertThat(train.labels()).containsExactly(2, 6, 1, 8, 4, 5, 0, 9);
            assertThat(test.labels()).containsExactly(3, 7);
            assertThat(train.sample(0).className()).contains("brushland or shrubland");
            assertThat(train.templates())
                    .startsWith("a centered satellite photo of {}.")
                    .hasSize(3);
        }
    }

    @Test
    void flowersComeFromTheirMatlabFiles() {
        folders().mat("imagelabels.mat").mat("setid.mat").picture("jpg/image_00002.jpg", 12);
        try (Dataset train = open("flowers102", "train");
                Dataset test = open("flowers102", "test")) {
            assertThat(train.labels()).containsExactly(0, 101);
            assertThat(test.labels()).containsExactly(1, 0, 2);
            assertThat(train.classNames()).hasSize(102).startsWith("pink primrose");
            assertThat(red(train, 1)).isEqualTo(12);
        }
    }

    @Test
    void foodIsListedByItsMetaFiles() {
        folders()
                .text("food-101/meta/classes.txt", "apple_pie", "waffles")
                .text("food-101/meta/train.txt", "waffles/1005755", "apple_pie/1011328")
                .text("food-101/meta/test.txt", "apple_pie/1")
                .picture("food-101/images/waffles/1005755.jpg", 55);
        try (Dataset train = open("food101", "train")) {
            assertThat(train.classNames()).containsExactly("apple pie", "waffles");
            assertThat(train.labels()).containsExactly(1, 0);
            assertThat(train.templates()).containsExactly("a photo of a {}, a type of food.");
            assertThat(red(train, 0)).isEqualTo(55);
        }
    }

    @Test
    void mnistIsReadPlainOrPacked() throws IOException {
        byte[] images =
                OfficialFolders.idx(0x803, new int[] {2, 2, 3}, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        byte[] labels = OfficialFolders.idx(0x801, new int[] {2}, new byte[] {9, 0});
        folders()
                .file("MNIST/raw/train-images-idx3-ubyte", images)
                .file("MNIST/raw/train-labels-idx1-ubyte", labels)
                .file("MNIST/raw/t10k-images-idx3-ubyte.gz", packed(images))
                .file("MNIST/raw/t10k-labels-idx1-ubyte.gz", packed(labels));
        for (String split : List.of("train", "test")) {
            try (Dataset digits = open("mnist", split)) {
                assertThat(digits.labels()).containsExactly(9, 0);
                assertThat(digits.sample(0).className()).contains("9 - nine");
                RgbImage image = digits.sample(1).image().decode();
                assertThat(List.of(image.width(), image.height())).containsExactly(3, 2);
                assertThat(image.value(2, 1, 0)).isEqualTo(12);
            }
        }
        folders().file("MNIST/raw/train-labels-idx1-ubyte", Arrays.copyOf(labels, 9));
        assertThatThrownBy(() -> open("mnist", "train")).hasMessageContaining("other sizes");
    }

    @Test
    void petsTrainOnTrainvalAndAreNamedInTitleCase() {
        folders()
                .text("annotations/trainval.txt", "# a comment", "american_bulldog_12 2 2 1", "Abyssinian_100 1 1 1")
                .text("annotations/test.txt", "Abyssinian_201 1 1 1", "american_bulldog_3 2 2 1")
                .picture("images/Abyssinian_100.jpg", 44);
        try (Dataset train = open("oxford-pets", "train");
                Dataset test = open("oxford-pets", "test")) {
            assertThat(train.classNames()).containsExactly("Abyssinian", "American Bulldog");
            assertThat(train.labels()).containsExactly(1, 0);
            assertThat(test.classNames()).isEqualTo(train.classNames());
            assertThat(red(train, 1)).isEqualTo(44);
        }
    }

    @Test
    void carsComeFromTheirMatlabFiles() {
        folders()
                .mat("stanford_cars/devkit/cars_meta.mat")
                .mat("stanford_cars/devkit/cars_train_annos.mat")
                .mat("stanford_cars/cars_test_annos_withlabels.mat")
                .picture("stanford_cars/cars_train/00001.jpg", 3)
                .picture("stanford_cars/cars_test/00003.jpg", 4);
        try (Dataset train = open("stanford-cars", "train");
                Dataset test = open("stanford-cars", "test")) {
            assertThat(train.classNames())
                    .containsExactly(
                            "AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Ram C/V Cargo Van Minivan 2012");
            assertThat(train.labels()).containsExactly(2, 0);
            assertThat(test.labels()).containsExactly(1, 1, 0);
            assertThat(train.templates()).hasSize(9).startsWith("a photo of a {}, a type of car.");
            assertThat(red(train, 0)).isEqualTo(3);
            assertThat(red(test, 2)).isEqualTo(4);
        }
    }

    @Test
    void scenesKeepTheSlashInTheirNames() {
        folders()
                .text("SUN397/ClassName_SUN397.txt", "/a/abbey", "/a/apartment_building/outdoor", "/z/zoo")
                .picture("SUN397/a/abbey/sun_a.jpg", 0)
                .picture("SUN397/a/abbey/sun_b.jpg", 0)
                .picture("SUN397/a/apartment_building/outdoor/sun_c.jpg", 1)
                .picture("SUN397/z/zoo/sun_d.jpg", 2)
                .picture("SUN397/z/zoo/sun_e.jpg", 2);
        try (Dataset train = open("sun397", "train");
                Dataset test = open("sun397", "test")) {
            assertThat(train.classNames()).containsExactly("abbey", "apartment building/outdoor", "zoo");
            assertThat(train.size()).isEqualTo(4);
            assertThat(test.size()).isEqualTo(1);
            for (int i = 0; i < train.size(); i++) {
                assertThat(red(train, i)).isEqualTo(train.labels()[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "fgvc-aircraft, data/variants.txt",
        "caltech101, 101_ObjectCategories",
        "cifar100, cifar-100-python",
        "dtd, labels/train1.txt",
        "eurosat, AnnualCrop",
        "flowers102, setid.mat",
        "food101, meta/classes.txt",
        "mnist, train-images-idx3-ubyte",
        "oxford-pets, annotations/trainval.txt",
        "stanford-cars, devkit/cars_meta.mat",
        "sun397, ClassName_SUN397.txt"
    })
    void anotherFolderIsRefusedWithWhatIsMissing(String format, String missing) {
        assertThatThrownBy(() -> open(format, "train"))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(missing)
                .hasMessageContaining(root.getFileName().toString());
    }

    @Test
    void aMissingPictureIsABadSampleAndTheHashKnowsIt() throws IOException {
        folders()
                .text("meta/classes.txt", "soup")
                .text("meta/train.txt", "soup/1", "soup/2")
                .picture("images/soup/1.jpg", 1)
                .picture("images/soup/2.jpg", 2);
        String before = hash();
        assertThat(hash()).isEqualTo(before);
        Files.delete(root.resolve("images/soup/2.jpg"));
        assertThat(hash()).isNotEqualTo(before);
        try (Dataset train = open("food101", "train")) {
            assertThatThrownBy(() -> train.sample(1).image().decode()).hasMessageContaining("soup/2");
        }
    }

    private String hash() {
        try (Dataset dataset = open("food101", "train")) {
            return dataset.hash();
        }
    }

    private OfficialFolders folders() {
        return new OfficialFolders(root);
    }

    private Dataset open(String format, String split) {
        DatasetSpec spec =
                YAMLMapper.builder().build().readValue("{path: ., format: %s}".formatted(format), DatasetSpec.class);
        return Datasets.open(spec, root, split, root.resolve("cache"));
    }

    private static int red(Dataset dataset, int position) {
        return dataset.sample(position).image().decode().value(0, 0, 0);
    }

    private static byte[] concatenated(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] packed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
