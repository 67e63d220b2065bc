/** The same maths with the Vector API. */
@NullMarked
package dev.glasshouse.kernels.vector;

import org.jspecify.annotations.NullMarked;
