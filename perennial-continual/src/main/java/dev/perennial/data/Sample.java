package dev.perennial.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One image with everything known about it; the image itself is read when asked for.
 *
 * @param key name of the sample, unique in its data set
 * @param position index in the data set that returned this sample
 * @param image the encoded image
 * @param label index into the class names of the data set; present for every sample of a labelled data set
 * @param className name of the class
 * @param captions captions by language code
 * @param attributes further fields of the source, such as {@code time}, {@code year}, {@code group}, {@code domain},
 *     {@code tags}; values are strings, numbers, booleans, lists and maps
 */
public record Sample(
        String key,
        int position,
        ImageSource image,
        OptionalInt label,
        Optional<String> className,
        Map<String, List<String>> captions,
        Map<String, Object> attributes) {
    /** Returns the captions in a language, none if it has none. */
    public List<String> captions(String language) {
        return captions.getOrDefault(language, List.of());
    }

    /**
     * Returns the values of an attribute as text: one for a scalar, all for a list, none if absent. The name {@code class}
     * stands for the class name.
     */
    public List<String> values(String attribute) {
        if (attribute.equals("class") && className.isPresent()) {
            return List.of(className.get());
        }
        Object value = attributes.get(attribute);
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            default -> List.of(value.toString());
        };
    }

    /** Returns a whole-number attribute such as {@code time} or {@code year}, also when it is written as text. */
    public OptionalLong number(String attribute) {
        return switch (attributes.get(attribute)) {
            case Integer number -> OptionalLong.of(number);
            case Long number -> OptionalLong.of(number);
            case String text when text.matches("[+-]?\\d{1,18}") -> OptionalLong.of(Long.parseLong(text));
            case null, default -> OptionalLong.empty();
        };
    }

    Sample withKey(String other) {
        return new Sample(other, position, image, label, className, captions, attributes);
    }

    Sample withPosition(int other) {
        return new Sample(key, other, image, label, className, captions, attributes);
    }

    Sample withImage(ImageSource other) {
        return new Sample(key, position, other, label, className, captions, attributes);
    }

    Sample withLabel(OptionalInt otherLabel, Optional<String> otherClass) {
        return new Sample(key, position, image, otherLabel, otherClass, captions, attributes);
    }
}
