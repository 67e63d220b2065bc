package dev.glasshouse.stories;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;

/**
 * What may come after the beginning of a document, with the true odds of the whole world: those of the combinations too that are held
 * out of training.
 *
 * @param label what is chosen here, {@link Piece#FORCED} where nothing is
 * @param next the texts that may come, most likely first; one with odds of 1 where the text is forced
 */
public record Odds(String label, List<Next> next) {
    /**
     * A text that may come next.
     *
     * @param text the text from the end of the prefix on
     * @param odds its probability given the prefix
     */
    public record Next(String text, double odds) {}

    /**
     * What may come after a prefix. Inside of a choice only the options that fit its beginning are left, and their odds sum to 1.
     *
     * @param prefix the beginning of a document, special tokens written out
     * @throws GlassException if no document begins so
     */
    public static Odds after(String prefix) {
        Edge edge = new Edge(prefix);
        try {
            new Conversation(edge, new Scene()).tell();
        } catch (Reached reached) {
            return reached.odds;
        } catch (Unreadable e) {
            throw new GlassException("Not the beginning of a document of this world: " + e.getMessage());
        }
        if (edge.at < prefix.length()) {
            throw new GlassException("Not the beginning of a document of this world: it goes on behind its end.");
        }
        return new Odds(Piece.FORCED, List.of());
    }

    /**
     * The probability that a document goes on with a text, whether or not the text ends where a choice does.
     *
     * @param prefix what these odds are after
     * @param continuation what shall follow
     */
    public double share(String prefix, String continuation) {
        double sum = 0;
        for (Next next : next) {
            if (next.text.startsWith(continuation)) {
                sum += next.odds;
            } else if (continuation.startsWith(next.text)) {
                String reached = prefix + next.text;
                sum += next.odds * after(reached).share(reached, continuation.substring(next.text.length()));
            }
        }
        return sum;
    }

    private static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Odds odds;

        Reached(Odds odds) {
            super("reached", null, false, false);
            this.odds = odds;
        }
    }

    /** A voice that follows a prefix and stops where it ends. */
    private static final class Edge implements Voice {
        private final String prefix;
        private int at;

        Edge(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public void say(String said) {
            if (said.isEmpty()) {
                return;
            }
            int left = prefix.length() - at;
            if (said.length() > left && said.startsWith(prefix.substring(at))) {
                throw new Reached(new Odds(Piece.FORCED, List.of(new Next(said.substring(left), 1))));
            }
            if (!prefix.startsWith(said, at)) {
                throw new Unreadable(at, '"' + said + '"');
            }
            at += said.length();
        }

        @Override
        public int choose(String label, Options options) {
            String left = prefix.substring(at);
            List<Next> next = new ArrayList<>();
            double sum = 0;
            for (int i = 0; i < options.size(); i++) {
                String said = options.text(i);
                if (options.odds(i) > 0 && left.startsWith(said)) {
                    at += said.length();
                    return i;
                }
                if (options.odds(i) > 0 && said.startsWith(left)) {
                    next.add(new Next(said.substring(left.length()), options.odds(i)));
                    sum += options.odds(i);
                }
            }
            if (next.isEmpty()) {
                throw new Unreadable(at, "a choice of " + label);
            }
            double whole = sum;
            next.replaceAll(each -> new Next(each.text(), each.odds() / whole));
            next.sort((a, b) -> Double.compare(b.odds(), a.odds()));
            throw new Reached(new Odds(next.size() == 1 ? Piece.FORCED : label, List.copyOf(next)));
        }
    }
}
