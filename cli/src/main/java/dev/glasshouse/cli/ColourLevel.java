package dev.glasshouse.cli;

import java.util.Locale;
import java.util.Map;

/** How many colours a terminal shows. */
enum ColourLevel {
    /** None, and no bold or underline either: plain text. */
    NONE,
    /** The sixteen named ones. */
    SIXTEEN,
    /** The 256 of the xterm palette. */
    INDEXED,
    /** Red, green and blue of eight bits each; underlines have styles. */
    TRUE;

    /** What the environment says: NO_COLOR, CLICOLOR_FORCE, TERM and COLORTERM are honoured. */
    static ColourLevel of(Map<String, String> environment, boolean terminal) {
        if (!Console.wantsColour(environment, terminal)) {
            return NONE;
        }
        String term = environment.getOrDefault("TERM", "").toLowerCase(Locale.ROOT);
        String colour = environment.getOrDefault("COLORTERM", "").toLowerCase(Locale.ROOT);
        if (colour.equals("truecolor") || colour.equals("24bit") || term.endsWith("-direct")) {
            return TRUE;
        }
        return term.contains("256") ? INDEXED : SIXTEEN;
    }
}
