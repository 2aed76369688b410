package dev.perennial.method;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The methods that are known. */
public final class Methods {
    private Methods() {}

    /** Returns all methods on the class path, by name. */
    public static List<MethodProvider<?>> all() {
        return ServiceLoader.load(MethodProvider.class).stream()
                .<MethodProvider<?>>map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(MethodProvider::name))
                .toList();
    }

    /** Returns the method of this name, if it is known. */
    public static Optional<MethodProvider<?>> find(String name) {
        return all().stream().filter(method -> method.name().equals(name)).findFirst();
    }
}
