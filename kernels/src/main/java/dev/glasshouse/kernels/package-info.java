/** The maths as an interface, and the scalar definition of right. */
@NullMarked
package dev.glasshouse.kernels;

import org.jspecify.annotations.NullMarked;
