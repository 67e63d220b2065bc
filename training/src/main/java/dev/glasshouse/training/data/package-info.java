/** Text to shards of tokens, and the order in which training sees them. */
@org.jspecify.annotations.NullMarked
package dev.glasshouse.training.data;
