/** A small simulated world that tells stories whose entropy is known. */
@org.jspecify.annotations.NullMarked
package dev.glasshouse.stories;
