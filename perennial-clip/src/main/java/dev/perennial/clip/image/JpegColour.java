package dev.perennial.clip.image;

import java.util.List;

/** What a JPEG's components mean, decided by libjpeg-turbo's rules, which Pillow follows. */
enum JpegColour {
    GREY(1),
    RGB(3),
    YCBCR(3),
    CMYK(4),
    YCCK(4);

    static final int NO_ADOBE_MARKER = -1;

    private final int components;

    JpegColour(int components) {
        this.components = components;
    }

    int components() {
        return components;
    }

    /** Decides by the JFIF marker, then Adobe's transform code, then the component identifiers. */
    static JpegColour of(JpegFrame frame, boolean jfif, int adobeTransform) {
        List<Integer> ids =
                frame.components().stream().map(JpegFrame.Component::id).toList();
        return switch (ids.size()) {
            case 1 -> GREY;
            case 3 -> {
                boolean rgb = adobeTransform == NO_ADOBE_MARKER
                        ? ids.equals(List.of((int) 'R', (int) 'G', (int) 'B'))
                        : adobeTransform == 0;
                yield rgb && !jfif ? RGB : YCBCR;
            }
            default -> adobeTransform == NO_ADOBE_MARKER || adobeTransform == 0 ? CMYK : YCCK;
        };
    }
}
