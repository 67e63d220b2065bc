package dev.glasshouse.stories;

import java.util.List;

/**
 * A document of the world.
 *
 * @param text the whole text, special tokens (see {@link Tags}) written out
 * @param bits its information: the negative logarithm of its odds, base 2
 * @param pieces what was forced and what was chosen, from the beginning to the end
 * @param form what it is
 * @param request the user's first turn, empty without one
 * @param story the story without its end tag, empty without one
 * @param questions the questions that are asked in it, in order
 * @param combination the pair of kind and object, which decides whether it is held out
 */
public record Document(
        String text,
        double bits,
        List<Piece> pieces,
        Form form,
        String request,
        String story,
        List<Question> questions,
        String combination) {
    /** What a document is. */
    public enum Form {
        /** Request, story, questions. */
        CONVERSATION,
        /** A story without turns. */
        STORY,
        /** A list, and the same list again. */
        ECHO,
        /** A request that cannot be served, and the sentence that says so. */
        REFUSAL
    }
}
