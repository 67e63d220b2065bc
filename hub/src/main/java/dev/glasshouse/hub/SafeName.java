package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * File and folder names made from what strangers say. A segment that passes holds letters, digits and {@code . _ + -}
 * only, does not begin with a dot or a dash, does not end with a dot, is no device name of Windows and is at most 200
 * characters long: so it can be resolved below a folder and never leads out of it.
 */
final class SafeName {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,199}");
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private SafeName() {}

    static boolean isSegment(String text) {
        int dot = text.indexOf('.');
        String stem = dot < 0 ? text : text.substring(0, dot);
        return SEGMENT.matcher(text).matches()
                && !text.endsWith(".")
                && !DEVICES.contains(stem.toLowerCase(Locale.ROOT));
    }

    /**
     * The segment itself when it is safe.
     *
     * @throws GlassException when it is not
     */
    static String segment(String text, String whatItIs) {
        if (!isSegment(text)) {
            throw new GlassException(whatItIs + " " + Text.quote(text)
                    + " cannot be a file name here: letters, digits, '.', '_', '+' and '-' are allowed, at most 200 of them,"
                    + " not beginning with '.' or '-'.");
        }
        return text;
    }

    /** The last part of a path with forward slashes, checked. */
    static String lastSegment(String path, String whatItIs) {
        return segment(path.substring(path.lastIndexOf('/') + 1), whatItIs);
    }
}
