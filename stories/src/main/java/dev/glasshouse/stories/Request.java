package dev.glasshouse.stories;

import java.util.List;

/** What a user asks first: a story, a list repeated, or something that the model cannot do. */
final class Request {
    private static final List<String> TOPICS = List.of(
            "the moon",
            "history",
            "music",
            "computers",
            "weather",
            "money",
            "football",
            "chemistry",
            "France",
            "Japan",
            "planets",
            "oceans",
            "bread",
            "rockets",
            "cars",
            "phones",
            "numbers",
            "poems",
            "films",
            "dragons",
            "kings",
            "volcanoes",
            "ice",
            "maps",
            "tennis",
            "China",
            "Peru",
            "gold",
            "salt",
            "cities",
            "trains",
            "robots",
            "jokes",
            "dreams",
            "sleep",
            "health",
            "laws",
            "art",
            "dance",
            "space");
    private static final List<String> ENDS =
            List.of(".", "?", ", please.", " in a few words.", " in one sentence.", " for a child.");

    /** Starts of requests that cannot be served; two topics follow. None is the beginning of a request for a story. */
    private static final List<String> ODD = List.of(
            "Explain ",
            "What is the link between ",
            "What do you think about ",
            "Help me with ",
            "Give me facts about ",
            "Translate a text about ",
            "How much do you know about ",
            "Sing about ",
            "Who knows more about ",
            "List books about ",
            "Solve a riddle about ",
            "Hello! Let us talk about ");

    private Request() {}

    /**
     * Tells the first turn of a user; of a request to repeat something, the beginning.
     *
     * @param refused the share of requests that cannot be served; {@code repeated}: of requests to repeat something
     * @return what it asks for
     */
    static Document.Form tell(Voice voice, Scene scene, double refused, double repeated) {
        int stories = Phrases.REQUESTS.size();
        int odd = ODD.size();
        String[] starts = new String[stories + odd + 1];
        double[] weights = new double[starts.length];
        for (int i = 0; i < stories + odd; i++) {
            starts[i] = i < stories ? Phrases.REQUESTS.text(i) : ODD.get(i - stories);
            weights[i] = i < stories ? (1 - refused - repeated) / stories : refused / odd;
        }
        starts[stories + odd] = Echo.REQUEST;
        weights[stories + odd] = repeated;
        int start = voice.choose("request", Options.weighted(starts, weights));
        if (start == stories + odd) {
            return Document.Form.ECHO;
        }
        if (start >= stories) {
            odd(voice);
            return Document.Form.REFUSAL;
        }
        story(voice, scene);
        return Document.Form.CONVERSATION;
    }

    private static void story(Voice voice, Scene scene) {
        int form = voice.choose("form", Phrases.FORMS);
        if (form > 1) {
            return;
        }
        if (form == 0) {
            scene.name(voice, scene.hero, "", " the ");
            scene.kind(voice, scene.hero);
        } else {
            scene.aKind(voice);
        }
        if (voice.choose("and", Phrases.AFTER_KIND) == 0) {
            scene.anObject(voice);
            voice.choose("request end", Phrases.REQUEST_ENDS);
        }
    }

    private static void odd(Voice voice) {
        Options topics = Options.uniform(TOPICS);
        String first = TOPICS.get(voice.choose("topic", topics));
        voice.say(" and ");
        voice.choose("topic", topics.without(first));
        voice.choose("request end", Options.uniform(ENDS));
        voice.say(Tags.END);
    }
}
