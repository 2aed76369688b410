package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.List;

/** EuroSAT, the RGB version: {@code 2750/<class>/<class>_1.jpg} (Helber et al., arXiv 1709.00029). It has no split; ZSCL draws one. */
final class EuroSat implements OfficialLayout {
    private static final List<String> FOLDERS = List.of(
            "AnnualCrop",
            "Forest",
            "HerbaceousVegetation",
            "Highway",
            "Industrial",
            "Pasture",
            "PermanentCrop",
            "Residential",
            "River",
            "SeaLake");

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, FOLDERS.getFirst(), "2750", "eurosat/2750", "EuroSAT_RGB");
        Prompts prompts = Prompts.of("eurosat");
        return new Listing(
                prompts.classes(), prompts.templates(), RandomSplit.of(ClassFolders.list(folder, FOLDERS), split));
    }
}
