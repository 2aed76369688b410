package dev.perennial.data.official;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stanford Cars: {@code devkit/cars_meta.mat} and {@code devkit/cars_train_annos.mat} beside {@code cars_train}, and
 * {@code cars_test_annos_withlabels.mat} beside {@code cars_test} (Krause et al. 2013).
 */
final class StanfordCars implements OfficialLayout {
    private static final String TEST = "cars_test_annos_withlabels.mat";

    @Override
    public Listing list(Path root, String split) {
        Folder folder = Folder.with(root, "devkit/cars_meta.mat", "stanford_cars");
        boolean train = split.equals("train");
        String annotations = train ? "devkit/cars_train_annos.mat" : folder.has(TEST) ? TEST : "devkit/" + TEST;
        List<String> names =
                MatVariables.of(folder.file("devkit/cars_meta.mat")).texts("class_names");
        MatVariables variables = MatVariables.of(folder.file(annotations));
        List<MatValue> files = variables.field("annotations", "fname");
        List<MatValue> classes = variables.field("annotations", "class");
        List<Listing.Entry> entries = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            String file = variables.text(files.get(i), "annotations");
            int label = variables.integer(classes.get(i), "annotations") - 1;
            if (label < 0 || label >= names.size()) {
                throw new IllegalArgumentException(folder.file(annotations) + ": " + file + " has the class "
                        + (label + 1) + " of " + names.size());
            }
            Path picture = folder.file(train ? "cars_train" : "cars_test").resolve(file);
            entries.add(new Listing.Entry(file, label, new Picture.InFile(picture)));
        }
        return new Listing(names, Prompts.of("cars").templates(), entries);
    }
}
