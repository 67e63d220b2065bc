/** Architectures as data, per-layer state, the forward pass. */
@NullMarked
package dev.glasshouse.network;

import org.jspecify.annotations.NullMarked;
