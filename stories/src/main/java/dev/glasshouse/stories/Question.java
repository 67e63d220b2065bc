package dev.glasshouse.stories;

import java.util.List;

/**
 * A question about a story, with its answer and the wrong one that fits as well.
 *
 * @param kind what is asked for: {@code who}, {@code where} or {@code how}
 * @param text the question
 * @param answer the right answer, a sentence
 * @param fact the part of the answer that was asked for
 * @param rival the same fact of the other friend
 */
public record Question(String kind, String text, String answer, String fact, String rival) {
    /** The kinds of question. */
    public static final List<String> KINDS = List.of("who", "where", "how");

    /** All questions about a story, two of each kind. */
    static List<Question> about(Scene scene) {
        Friend winner = scene.winner;
        Friend other = scene.other(winner);
        String object = scene.object;
        return List.of(
                new Question(
                        "who",
                        "Who " + scene.plot.asked() + " the " + object + "?",
                        "The " + object + " was " + scene.plot.deed() + " by " + winner.name + ".",
                        winner.name,
                        other.name),
                new Question(
                        "who",
                        "Who got the last " + scene.cake + "?",
                        "The last " + scene.cake + " went to " + other.name + ".",
                        other.name,
                        winner.name),
                where(scene, scene.hero),
                where(scene, scene.helper),
                how(scene, scene.hero),
                how(scene, scene.helper));
    }

    private static Question where(Scene scene, Friend friend) {
        Plot.Act act = scene.plot.acts().get(friend.act);
        return new Question(
                "where",
                "Where did " + friend.name + " " + act.base() + "?",
                "Well, " + friend.name + " " + act.past() + " " + friend.place + ".",
                friend.place,
                scene.other(friend).place);
    }

    private static Question how(Scene scene, Friend friend) {
        return new Question(
                "how",
                "How did " + friend.name + (friend.manner == 0 ? " seem?" : " sound?"),
                "Well, " + friend.name + Phrases.MANNERS.text(friend.manner) + friend.trait + ".",
                friend.trait,
                scene.other(friend).trait);
    }
}
