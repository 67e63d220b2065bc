/** The glass command. */
@NullMarked
package dev.glasshouse.cli;

import org.jspecify.annotations.NullMarked;
