/** The facade for Java programs. */
@NullMarked
package dev.glasshouse;

import org.jspecify.annotations.NullMarked;
