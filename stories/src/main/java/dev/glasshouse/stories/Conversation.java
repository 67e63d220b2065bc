package dev.glasshouse.stories;

import java.util.ArrayList;
import java.util.List;

/** A whole document: a request, its story, four questions; or a story alone; or a list that is repeated; or a request that cannot be served. */
final class Conversation {
    /** Questions of a conversation. */
    static final int QUESTIONS = 4;

    private static final double ALONE = 0.1;
    private static final double REFUSED = 0.05;
    private static final double REPEATED = 0.1;

    private final Voice voice;
    private final Scene scene;
    private final List<Question> asked = new ArrayList<>();
    private Document.Form form = Document.Form.STORY;

    Conversation(Voice voice, Scene scene) {
        this.voice = voice;
        this.scene = scene;
    }

    void tell() {
        String[] starts = new String[1 + Phrases.OPENINGS.length];
        double[] weights = new double[starts.length];
        starts[0] = Tags.USER;
        weights[0] = 1 - ALONE;
        for (int i = 1; i < starts.length; i++) {
            starts[i] = Phrases.OPENINGS[i - 1];
            weights[i] = ALONE / Phrases.OPENINGS.length;
        }
        Telling telling = new Telling(voice, scene);
        if (voice.choose("start", Options.weighted(starts, weights)) > 0) {
            telling.afterOpening();
            return;
        }
        form = Request.tell(voice, scene, REFUSED / (1 - ALONE), REPEATED / (1 - ALONE));
        if (form == Document.Form.ECHO) {
            Echo.tell(voice);
        } else if (form == Document.Form.REFUSAL) {
            voice.say(Tags.ASSISTANT + Phrases.REFUSAL + Tags.END);
        } else {
            voice.say(Tags.ASSISTANT);
            telling.story();
            questions();
        }
    }

    private void questions() {
        List<Question> possible = new ArrayList<>(Question.about(scene));
        for (int i = 0; i < QUESTIONS; i++) {
            voice.say(Tags.USER);
            Question question = possible.get(voice.choose(
                    "question",
                    Options.uniform(possible.stream().map(Question::text).toList())));
            voice.say(Tags.END + Tags.ASSISTANT + question.answer() + Tags.END);
            asked.add(question);
            possible.remove(question);
        }
    }

    /** Questions that were asked, in order. */
    List<Question> asked() {
        return asked;
    }

    /** What was told. */
    Document.Form form() {
        return form;
    }

    /** Whether there is a story. */
    boolean hasStory() {
        return form == Document.Form.CONVERSATION || form == Document.Form.STORY;
    }
}
