/** The Jinja template engine behind chat templates: lexer, parser, interpreter, and text that knows where it came from. */
@NullMarked
package dev.glasshouse.chat.jinja;

import org.jspecify.annotations.NullMarked;
