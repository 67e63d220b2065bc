package dev.glasshouse.tokenizer;

/** Being built. */
public final class Tokenizer {
    private Tokenizer() {}
}
