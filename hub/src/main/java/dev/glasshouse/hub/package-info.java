/** Catalogue, sources, pull with resume, local store. */
@NullMarked
package dev.glasshouse.hub;

import org.jspecify.annotations.NullMarked;
