package dev.glasshouse.stories;

import java.util.ArrayList;
import java.util.List;

/** A voice that follows a text and finds each choice in it. */
final class Reader implements Voice {
    private final String text;
    private final List<Piece> pieces = new ArrayList<>(128);
    private int at;
    private double bits;

    Reader(String text) {
        this.text = text;
    }

    @Override
    public void say(String said) {
        if (!text.startsWith(said, at)) {
            throw new Unreadable(at, '"' + said + '"');
        }
        Piece.add(pieces, at, said.length(), Piece.FORCED, 0);
        at += said.length();
    }

    @Override
    public int choose(String label, Options options) {
        for (int i = 0; i < options.size(); i++) {
            String said = options.text(i);
            if (options.odds(i) > 0 && text.startsWith(said, at)) {
                double cost = options.bits(i);
                Piece.add(pieces, at, said.length(), label, cost);
                bits += cost;
                at += said.length();
                return i;
            }
        }
        throw new Unreadable(at, "a choice of " + label);
    }

    /** @throws Unreadable unless the whole text was read */
    void end() {
        if (at != text.length()) {
            throw new Unreadable(at, "the end");
        }
    }

    double bits() {
        return bits;
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }
}
