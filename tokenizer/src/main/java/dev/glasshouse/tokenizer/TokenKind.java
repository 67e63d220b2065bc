package dev.glasshouse.tokenizer;

/** What an entry of the vocabulary is; the kinds of GGUF's {@code tokenizer.ggml.token_type}. */
public enum TokenKind {
    /** A piece of ordinary text. */
    NORMAL,
    /** Stands for text that nothing else in the vocabulary can express. */
    UNKNOWN,
    /** Structure, such as the beginning of a text or the end of a turn; never the result of untrusted text. */
    CONTROL,
    /** An entry added beside the trained ones, found in text before anything else is cut; it is text, and shown as such. */
    USER_DEFINED,
    /** A place without a meaning. */
    UNUSED,
    /** One byte, for text that no piece covers. */
    BYTE
}
