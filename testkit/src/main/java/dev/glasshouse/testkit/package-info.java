/** Tiny models made on the spot, test data by package name. */
@NullMarked
package dev.glasshouse.testkit;

import org.jspecify.annotations.NullMarked;
