/** Distillation: methods that hold the student to what a teacher answers (LwF, VR-LwF, ZSCL, Mod-X). */
@NullMarked
package dev.perennial.method.distill;

import org.jspecify.annotations.NullMarked;
