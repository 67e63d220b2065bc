/** Candidates, the chain of stages, the draw. */
@NullMarked
package dev.glasshouse.sampling;

import org.jspecify.annotations.NullMarked;
