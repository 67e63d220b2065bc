package dev.glasshouse.stories;

import dev.glasshouse.weights.GlassException;
import java.util.List;

/** Reads a document back: its one derivation, and with it the information in it. */
public final class Parser {
    private Parser() {}

    /**
     * Reads a document.
     *
     * @param text the whole text with its special tokens
     * @throws GlassException if the world does not tell such a document
     */
    public static Document parse(String text) {
        Reader reader = new Reader(text);
        Scene scene = new Scene();
        Conversation conversation = new Conversation(reader, scene);
        try {
            conversation.tell();
            reader.end();
        } catch (Unreadable e) {
            throw new GlassException("Not a document of this world: " + e.getMessage());
        }
        return document(text, reader.bits(), reader.pieces(), conversation, scene);
    }

    static Document document(String text, double bits, List<Piece> pieces, Conversation conversation, Scene scene) {
        boolean alone = conversation.form() == Document.Form.STORY;
        int request = alone ? 0 : Tags.USER.length();
        int end = alone ? 0 : text.indexOf(Tags.END);
        int from = alone ? 0 : end + Tags.END.length() + Tags.ASSISTANT.length();
        return new Document(
                text,
                bits,
                pieces,
                conversation.form(),
                text.substring(request, end),
                conversation.hasStory() ? text.substring(from, text.indexOf(Tags.END, from)) : "",
                List.copyOf(conversation.asked()),
                conversation.hasStory() ? scene.hero.kind + " and " + scene.object : "");
    }
}
