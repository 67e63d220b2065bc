/** Sequences, prefix reuse, cancellation, the trace. */
@NullMarked
package dev.glasshouse.engine;

import org.jspecify.annotations.NullMarked;
