package dev.glasshouse.engine;

import java.util.OptionalInt;

/**
 * What a replay found.
 *
 * @param steps steps compared
 * @param firstDifference the first step that differs; none if all are the same
 * @param message what was found, for people
 */
public record ReplayReport(int steps, OptionalInt firstDifference, String message) {
    /** Whether every step was the same. */
    public boolean same() {
        return firstDifference.isEmpty();
    }
}
