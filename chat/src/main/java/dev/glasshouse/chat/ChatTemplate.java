package dev.glasshouse.chat;

/** Being built. */
public final class ChatTemplate {
    private ChatTemplate() {}
}
