package dev.perennial.clip.image;

/** Where a centre crop starts when the margins are an odd number of pixels. */
public enum CropRounding {
    /** Rounds half to even, as torchvision does for OpenAI's and open_clip's pipelines. */
    OPENAI {
        @Override
        int offset(int margin) {
            return (int) Math.rint(margin / 2.0);
        }
    },

    /** Rounds down, as the image processors of Hugging Face transformers do: one pixel off where margin mod 4 is 3. */
    HUGGING_FACE {
        @Override
        int offset(int margin) {
            return margin / 2;
        }
    };

    /** The first row or column kept when this many are dropped in all. */
    abstract int offset(int margin);
}
