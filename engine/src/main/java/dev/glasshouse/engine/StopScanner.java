package dev.glasshouse.engine;

import java.util.List;
import java.util.Optional;

/**
 * Looks for stop strings in a text that comes in pieces. What could be the beginning of one is held back until it is, or
 * cannot be.
 */
final class StopScanner {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> found = Optional.empty();

    StopScanner(List<String> stops) {
        this.stops = stops;
    }

    /** The stop string that was found. */
    Optional<String> found() {
        return found;
    }

    /** Takes the next piece; returns the text that is certain now, up to the first stop string. */
    String push(String piece) {
        if (found.isPresent()) {
            return "";
        }
        if (stops.isEmpty()) {
            return piece;
        }
        held.append(piece);
        int end = firstStop();
        if (found.isEmpty()) {
            end = held.length() - longestBeginning();
        }
        String certain = held.substring(0, end);
        held.delete(0, end);
        return certain;
    }

    /** What is still held back at the end of the text. */
    String finish() {
        String rest = found.isPresent() ? "" : held.toString();
        held.setLength(0);
        return rest;
    }

    /** Finds the stop string that begins first, of those the longest. */
    private int firstStop() {
        int first = Integer.MAX_VALUE;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            boolean longer = found.isPresent()
                    && at == first
                    && stop.length() > found.get().length();
            if (at >= 0 && (at < first || longer)) {
                first = at;
                found = Optional.of(stop);
            }
        }
        return first;
    }

    /** The length of the longest end of the held text that begins a stop string. */
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
