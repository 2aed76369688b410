/** CLL-CLIP: languages one after another by their token embeddings alone, held to what the pretrained model says in English. */
@NullMarked
package dev.perennial.method.cllclip;

import org.jspecify.annotations.NullMarked;
