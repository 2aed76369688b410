/** What a student CLIP learns from teachers of one modality each, beside its own pairs. */
@NullMarked
package dev.perennial.pretrain.distill;

import org.jspecify.annotations.NullMarked;
