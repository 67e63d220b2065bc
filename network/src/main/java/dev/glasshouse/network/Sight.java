package dev.glasshouse.network;

/** Which positions the rows of a span see, within what each layer's own window allows. */
public sealed interface Sight {
    /** All before it and itself. */
    Sight CAUSAL = new Causal();

    /** All before the span, and all of the span (an image, an encoder's text). */
    Sight BIDIRECTIONAL = new Bidirectional();

    record Causal() implements Sight {}

    /** The last {@code positions}, its own included. */
    record Windowed(int positions) implements Sight {
        /** @throws IllegalArgumentException if it is not positive */
        public Windowed {
            if (positions < 1) {
                throw new IllegalArgumentException("a window of " + positions);
            }
        }
    }

    record Bidirectional() implements Sight {}
}
