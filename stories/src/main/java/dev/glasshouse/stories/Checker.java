package dev.glasshouse.stories;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges a story that a model told: it is consistent if the world could have told it in answer to the request. */
public final class Checker {
    private static final Pattern ABOUT =
            Pattern.compile(" about ([A-Z][a-z]*) the ([a-z]+)(?: and an? ([a-z]+))?\\b.*");
    private static final Pattern WITH = Pattern.compile(" with an? ([a-z]+)(?: and an? ([a-z]+))?\\b.*");

    /**
     * A verdict.
     *
     * @param consistent whether the world could have told the story
     * @param at the first character that does not fit; the length of the story where all do
     * @param expected what would have fitted there, empty where all fits
     * @param questions all questions that can be asked about a consistent story
     */
    public record Verdict(boolean consistent, int at, String expected, List<Question> questions) {}

    private Checker() {}

    /**
     * Whether a story answers a request and contradicts neither it nor itself. Names, kinds and objects of the request may come
     * from outside of the world.
     *
     * @param request the user's turn, without special tokens; empty for a story that nobody asked for
     * @param story the story, without special tokens
     */
    public static boolean consistent(String request, String story) {
        return check(request, story).consistent();
    }

    /** The same, with the place and the reason. */
    public static Verdict check(String request, String story) {
        Scene scene = new Scene();
        Matcher about = ABOUT.matcher(request);
        Matcher with = WITH.matcher(request);
        if (about.find()) {
            scene.hero.name = about.group(1);
            scene.hero.kind = about.group(2);
            scene.object = Optional.ofNullable(about.group(3)).orElse("");
        } else if (with.find()) {
            scene.hero.kind = with.group(1);
            scene.object = Optional.ofNullable(with.group(2)).orElse("");
        }
        Reader reader = new Reader(story + Tags.END);
        try {
            new Telling(reader, scene).story();
            reader.end();
        } catch (Unreadable e) {
            return new Verdict(false, e.at(), e.expected(), List.of());
        }
        return new Verdict(true, story.length(), "", Question.about(scene));
    }
}
