/**
 * Candidates, the chain of stages, the draw. Stages, order, names, draw and seeds are llama.cpp's, so that a seed means the
 * same here and there.
 */
@NullMarked
package dev.glasshouse.sampling;

import org.jspecify.annotations.NullMarked;
