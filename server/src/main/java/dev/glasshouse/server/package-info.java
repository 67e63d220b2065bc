/** The HTTP server: OpenAI's routes, the native ones, the page. */
@NullMarked
package dev.glasshouse.server;

import org.jspecify.annotations.NullMarked;
