/** Task prompts at the image input and a vocabulary of class embeddings, beside a frozen CLIP. */
@NullMarked
package dev.perennial.method.coleclip;

import org.jspecify.annotations.NullMarked;
