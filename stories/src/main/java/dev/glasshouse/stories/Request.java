package dev.glasshouse.stories;

import java.util.List;

/** What a user asks first: a story, or something that the model cannot do. */
final class Request {
    private static final List<String> TOPICS = List.of(
            "the moon",
            "history",
            "music",
            "computers",
            "the weather",
            "money",
            "football",
            "chemistry",
            "France",
            "your day",
            "planets",
            "the sea");
    private static final List<String> WRITINGS =
            List.of("a letter", "a poem", "an email", "a speech", "a recipe", "some code", "a list");
    private static final List<String> NUMBERS =
            List.of("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    private record Odd(String start, List<String> middle, String join, List<String> last, String end) {}

    private static final List<Odd> ODD = List.of(
            new Odd(
                    "Name the capital of ",
                    List.of("France", "Spain", "Peru", "Japan", "Kenya", "Norway", "Chile", "India"),
                    "",
                    List.of(),
                    "."),
            new Odd("What is ", NUMBERS, " plus ", NUMBERS, "?"),
            new Odd("How much is ", NUMBERS, " times ", NUMBERS, "?"),
            new Odd("Tell me a joke about ", TOPICS, "", List.of(), "."),
            new Odd("Explain ", TOPICS, "", List.of(), "."),
            new Odd("What do you think about ", TOPICS, "", List.of(), "?"),
            new Odd("Help me to write ", WRITINGS, " about ", TOPICS, "."),
            new Odd("Please write ", WRITINGS, " about ", TOPICS, "."),
            new Odd("Translate ", WRITINGS, "", List.of(), "."),
            new Odd("Who are you", List.of("?", " and what can you do?", ", please?"), "", List.of(), ""),
            new Odd("Hello", List.of("!", ".", ", how are you?", ", my friend!", " there!"), "", List.of(), ""),
            new Odd("What can you ", List.of("do", "tell me", "talk about"), "", List.of(), "?"));

    private Request() {}

    /**
     * Tells the first turn of a user.
     *
     * @param refused the share of requests that cannot be served
     * @return whether it can be served
     */
    static boolean tell(Voice voice, Scene scene, double refused) {
        int stories = Phrases.REQUESTS.size();
        String[] starts = new String[stories + ODD.size()];
        double[] weights = new double[starts.length];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i < stories
                    ? Phrases.REQUESTS.text(i)
                    : ODD.get(i - stories).start();
            weights[i] = i < stories ? (1 - refused) / stories : refused / ODD.size();
        }
        int start = voice.choose("request", Options.weighted(starts, weights));
        if (start >= stories) {
            odd(voice, ODD.get(start - stories));
            return false;
        }
        int form = voice.choose("form", Phrases.FORMS);
        if (form > 1) {
            return true;
        }
        if (form == 0) {
            scene.name(voice, scene.hero, ' ', " the ");
            scene.kind(voice, scene.hero);
        } else {
            scene.aKind(voice);
        }
        if (voice.choose("and", Phrases.AFTER_KIND) == 0) {
            scene.anObject(voice);
            voice.choose("request end", Phrases.REQUEST_ENDS);
        }
        return true;
    }

    private static void odd(Voice voice, Odd odd) {
        voice.choose("odd request", Options.uniform(odd.middle()));
        voice.say(odd.join());
        if (!odd.last().isEmpty()) {
            voice.choose("odd request", Options.uniform(odd.last()));
        }
        voice.say(odd.end() + Tags.END);
    }
}
