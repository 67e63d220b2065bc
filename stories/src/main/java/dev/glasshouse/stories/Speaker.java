package dev.glasshouse.stories;

import java.util.ArrayList;
import java.util.List;

/** A voice that draws every choice and writes down what was said. */
final class Speaker implements Voice {
    private final Draw draw;
    private final StringBuilder text = new StringBuilder(1024);
    private final List<Piece> pieces = new ArrayList<>(128);
    private double bits;

    Speaker(Draw draw) {
        this.draw = draw;
    }

    @Override
    public void say(String said) {
        Piece.add(pieces, text.length(), said.length(), Piece.FORCED, 0);
        text.append(said);
    }

    @Override
    public int choose(String label, Options options) {
        double at = draw.next();
        int chosen = -1;
        for (int i = 0; i < options.size() && (chosen < 0 || at >= 0); i++) {
            if (options.odds(i) > 0) {
                // Rounding may leave a little beyond the last option; that belongs to the last one.
                chosen = i;
                at -= options.odds(i);
            }
        }
        double cost = options.bits(chosen);
        String said = options.text(chosen);
        Piece.add(pieces, text.length(), said.length(), label, cost);
        text.append(said);
        bits += cost;
        return chosen;
    }

    String text() {
        return text.toString();
    }

    double bits() {
        return bits;
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }
}
