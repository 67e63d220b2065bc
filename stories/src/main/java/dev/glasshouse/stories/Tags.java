package dev.glasshouse.stories;

import java.util.List;

/** The special tokens of a conversation. */
public final class Tags {
    /** A user's turn follows. */
    public static final String USER = "<|user|>";

    /** The model's turn follows. */
    public static final String ASSISTANT = "<|assistant|>";

    /** A turn, or a story without turns, is over. */
    public static final String END = "<|end|>";

    /** All of them. */
    public static final List<String> ALL = List.of(USER, ASSISTANT, END);

    private Tags() {}
}
