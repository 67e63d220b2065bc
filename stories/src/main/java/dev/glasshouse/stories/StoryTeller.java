package dev.glasshouse.stories;

/** Tells documents; each is a pure function of the seed and its number. */
public final class StoryTeller {
    /** Version of the world: it changes when any document does. */
    public static final int VERSION = 3;

    private static final long TRAINING = 1;
    private static final long HELD_OUT = 2;

    private final long seed;

    /** @param seed decides all documents */
    public StoryTeller(long seed) {
        this.seed = seed;
    }

    /** A document for training, never one with a held-out combination. */
    public Document document(long index) {
        return find(TRAINING, index);
    }

    /** A conversation about a held-out combination. */
    public Document heldOut(long index) {
        return find(HELD_OUT, index);
    }

    private Document find(long stream, long index) {
        for (long attempt = 0; ; attempt++) {
            Speaker speaker = new Speaker(new Draw(seed, stream, index, attempt));
            Scene scene = new Scene();
            Conversation conversation = new Conversation(speaker, scene);
            conversation.tell();
            boolean heldOut = conversation.hasStory() && HeldOut.is(scene.hero.kind, scene.object);
            if (stream == TRAINING ? !heldOut : heldOut && conversation.form() == Document.Form.CONVERSATION) {
                return Parser.document(speaker.text(), speaker.bits(), speaker.pieces(), conversation, scene);
            }
        }
    }
}
