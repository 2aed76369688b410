/** Small trained parts beside a frozen model (parameter-efficient tuning), which a configuration adds to any method that trains. */
@NullMarked
package dev.perennial.method.module;

import org.jspecify.annotations.NullMarked;
