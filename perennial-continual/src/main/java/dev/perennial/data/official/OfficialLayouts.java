package dev.perennial.data.official;

/** The layouts that are known. */
public final class OfficialLayouts {
    private OfficialLayouts() {}

    /** FGVC-Aircraft, by variant. */
    public static OfficialLayout aircraft() {
        return new Aircraft();
    }

    /** Caltech-101. */
    public static OfficialLayout caltech101() {
        return new Caltech101();
    }

    /** CIFAR-100, the version for Python or the binary one. */
    public static OfficialLayout cifar100() {
        return new Cifar100();
    }

    /** Describable Textures. */
    public static OfficialLayout dtd() {
        return new Dtd();
    }

    /** EuroSAT in RGB. */
    public static OfficialLayout euroSat() {
        return new EuroSat();
    }

    /** Oxford 102 Flower. */
    public static OfficialLayout flowers102() {
        return new Flowers102();
    }

    /** Food-101. */
    public static OfficialLayout food101() {
        return new Food101();
    }

    /** MNIST. */
    public static OfficialLayout mnist() {
        return new Mnist();
    }

    /** Oxford-IIIT Pet. */
    public static OfficialLayout oxfordPets() {
        return new OxfordPets();
    }

    /** Stanford Cars. */
    public static OfficialLayout stanfordCars() {
        return new StanfordCars();
    }

    /** SUN397. */
    public static OfficialLayout sun397() {
        return new Sun397();
    }
}
