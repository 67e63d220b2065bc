package dev.glasshouse.stories;

import java.util.List;

/**
 * A stretch of a text that was forced, or chosen at once.
 *
 * @param start first character
 * @param end after the last character
 * @param label what was chosen, {@link #FORCED} where nothing was
 * @param bits information of the choice
 */
public record Piece(int start, int end, String label, double bits) {
    /** The label of text that had to come. */
    public static final String FORCED = "";

    /** Whether the text had to come. */
    public boolean forced() {
        return label.equals(FORCED);
    }

    /** Adds a piece, joined to the one before where both are forced. */
    static void add(List<Piece> pieces, int start, int length, String label, double bits) {
        if (length == 0) {
            return;
        }
        if (label.equals(FORCED) && !pieces.isEmpty() && pieces.getLast().forced()) {
            Piece last = pieces.removeLast();
            pieces.add(new Piece(last.start, start + length, FORCED, 0));
        } else {
            pieces.add(new Piece(start, start + length, label, bits));
        }
    }
}
