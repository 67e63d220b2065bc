/** Jinja chat templates, roles. */
@NullMarked
package dev.glasshouse.chat;

import org.jspecify.annotations.NullMarked;
