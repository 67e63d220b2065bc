package dev.glasshouse.tokenizer;

/** Turns the bytes of one piece of text into ids. Thread-safe: what a call needs to remember is in its {@link Workspace}. */
interface SubwordModel {
    /** Appends the ids of {@code text[from, to)}, UTF-8 of whole characters. */
    void encode(byte[] text, int from, int to, Workspace workspace, IntList ids);
}
