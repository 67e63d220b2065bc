package dev.glasshouse.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well questions are answered without reading: by where a candidate stands in the story, or how often. Each shortcut sees the
 * form of the question (such as "Where did … look?") and the two candidates, and goes by the rule that suits that form best.
 *
 * @param questions questions asked
 * @param shares share of right answers by rule: {@code first}, {@code last}, {@code most} and {@code best per form},
 *     which takes for each form of question the rule, or its opposite, that is best for it
 */
public record ShortcutScore(int questions, Map<String, Double> shares) {
    private static final List<String> RULES = List.of("first", "last", "most");

    /**
     * Measures the shortcuts on questions of a teller's first conversations.
     *
     * @param documents number of documents to look at
     */
    public static ShortcutScore of(StoryTeller teller, int documents) {
        Map<String, int[]> forms = new TreeMap<>();
        for (long i = 0; i < documents; i++) {
            Document document = teller.document(i);
            for (Question question : document.questions()) {
                int[] counts = forms.computeIfAbsent(form(question), form -> new int[1 + RULES.size()]);
                counts[0] += 2;
                for (int rule = 0; rule < RULES.size(); rule++) {
                    counts[1 + rule] += points(rule, document.story(), question);
                }
            }
        }
        int asked = 0;
        int best = 0;
        int[] right = new int[RULES.size()];
        for (int[] counts : forms.values()) {
            asked += counts[0];
            int top = 0;
            for (int rule = 0; rule < RULES.size(); rule++) {
                right[rule] += counts[1 + rule];
                top = Math.max(top, Math.max(counts[1 + rule], counts[0] - counts[1 + rule]));
            }
            best += top;
        }
        Map<String, Double> shares = new TreeMap<>();
        for (int rule = 0; rule < RULES.size(); rule++) {
            shares.put(RULES.get(rule), (double) right[rule] / asked);
        }
        shares.put("best per form", (double) best / asked);
        return new ShortcutScore(asked / 2, shares);
    }

    /** The shortcut that does best. */
    public double best() {
        double best = 0;
        for (double share : shares.values()) {
            best = Math.max(best, share);
        }
        return best;
    }

    /** The kind of question with its verb, without the names and things in it. */
    private static String form(Question question) {
        List<String> words = new ArrayList<>(List.of(question.text().split(" ")));
        return question.kind() + " " + (question.kind().equals("who") ? words.get(1) : words.getLast());
    }

    /** Two points for the right answer, one for a draw. */
    private static int points(int rule, String story, Question question) {
        int fact = place(rule, story, question.fact());
        int rival = place(rule, story, question.rival());
        return fact == rival ? 1 : fact > rival ? 2 : 0;
    }

    private static int place(int rule, String story, String what) {
        if (rule == 0) {
            return -story.indexOf(what);
        }
        if (rule == 1) {
            return story.lastIndexOf(what);
        }
        int count = 0;
        for (int at = story.indexOf(what); at >= 0; at = story.indexOf(what, at + 1)) {
            count++;
        }
        return count;
    }
}
