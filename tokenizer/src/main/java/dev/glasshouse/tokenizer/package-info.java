/** Text to ids and back. */
@NullMarked
package dev.glasshouse.tokenizer;

import org.jspecify.annotations.NullMarked;
