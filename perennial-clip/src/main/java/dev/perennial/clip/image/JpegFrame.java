package dev.perennial.clip.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOException;

/** What a JPEG's frame header says: sizes, and the identifier and sampling factors of each component. */
record JpegFrame(int width, int height, List<Component> components) {
    record Component(int id, int horizontal, int vertical) {}

    static JpegFrame read(FileBytes file, int at, int end) throws IOException {
        int precision = file.u8(at);
        int height = file.u16(at + 1);
        int width = file.u16(at + 3);
        int count = file.u8(at + 5);
        if (precision != 8) {
            throw new IIOException("JPEGs of " + precision + " bits a sample are not supported");
        }
        if (width == 0 || height == 0) {
            throw new IIOException("the JPEG announces " + width + " x " + height + " pixels");
        }
        if ((count != 1 && count != 3 && count != 4) || end - at != 6 + 3 * count) {
            throw new IIOException("the JPEG's frame header is malformed (" + count + " components)");
        }
        List<Component> components = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int sampling = file.u8(at + 7 + 3 * i);
            components.add(new Component(file.u8(at + 6 + 3 * i), sampling >> 4, sampling & 15));
        }
        return new JpegFrame(width, height, List.copyOf(components));
    }

    /** Whether a component has full width and half the rows, so that libjpeg-turbo smooths it and libjpeg does not. */
    boolean halvedVerticallyOnly(Component component) {
        int horizontal =
                components.stream().mapToInt(Component::horizontal).max().orElse(1);
        int vertical = components.stream().mapToInt(Component::vertical).max().orElse(1);
        return component.horizontal() == horizontal && component.vertical() * 2 == vertical;
    }
}
