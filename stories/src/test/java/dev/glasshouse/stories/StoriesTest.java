package dev.glasshouse.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glasshouse.weights.GlassException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the world promises: one derivation a text, the floors, balanced answers, nothing held out in training. */
class StoriesTest {
    private static final StoryTeller TELLER = new StoryTeller(7);

    @Test
    void hundredThousandDocumentsAreReadBackWithTheSameBits() {
        long differing = LongStream.range(0, 100_000)
                .parallel()
                .filter(i -> {
                    Document told = TELLER.document(i);
                    return !Parser.parse(told.text()).equals(told);
                })
                .count();
        assertEquals(0, differing);
    }

    @Test
    void aDocumentIsAFunctionOfSeedAndNumber() {
        assertEquals(TELLER.document(123_456_789_012L), new StoryTeller(7).document(123_456_789_012L));
        assertFalse(TELLER.document(1).equals(new StoryTeller(8).document(1)));
        Set<String> texts = new HashSet<>();
        for (long i = 0; i < 10_000; i++) {
            Document document = TELLER.document(i);
            texts.add(document.story().isEmpty() ? "none " + i : document.story());
        }
        assertEquals(10_000, texts.size());
    }

    @Test
    void storiesKeepTheFloors() {
        Map<String, Integer> words = new TreeMap<>();
        Set<String> names = new HashSet<>(Names.LISTED);
        int listed = 0;
        int stories = 0;
        Map<String, Integer> plots = new TreeMap<>();
        for (long i = 0; i < 20_000; i++) {
            Document document = TELLER.document(i);
            if (document.story().isEmpty()) {
                continue;
            }
            stories++;
            String story = document.story();
            assertTrue(story.chars().allMatch(c -> c >= ' ' && c < 127), story);
            int count = story.split(" ").length;
            assertTrue(count >= 80 && count <= 130, count + " words: " + story);
            if (document.form() == Document.Form.CONVERSATION) {
                assertTrue(natsOfStory(document) >= 40, story);
            }
            String deed = story.replaceAll("(?s).* was ([a-z]+)( up| back)? by .*", "$1");
            plots.merge(deed, 1, Integer::sum);
            String helper = story.replaceAll("(?s).*, ([A-Z][a-z]*) the .*", "$1");
            listed += names.contains(helper) ? 1 : 0;
            for (String word : story.split("[^A-Za-z]+")) {
                if (!word.isEmpty() && !word.equals(helper) && !names.contains(word)) {
                    words.merge(word.toLowerCase(java.util.Locale.ROOT), 1, Integer::sum);
                }
            }
        }
        assertTrue(plots.size() >= 6 && plots.values().stream().allMatch(n -> n > 1000), plots.toString());
        assertEquals(0.5, (double) listed / stories, 0.02, "share of names of the list");
        // A word in real use comes at least once in 400 stories; an invented name hardly does.
        int least = stories / 400;
        long inUse = words.values().stream().filter(n -> n >= least).count();
        assertTrue(inUse >= 450, inUse + " words");
    }

    private static double natsOfStory(Document document) {
        int from = document.text().indexOf(Tags.ASSISTANT) + Tags.ASSISTANT.length();
        int to = from + document.story().length();
        double bits = 0;
        for (Piece piece : document.pieces()) {
            bits += piece.start() >= from && piece.end() <= to ? piece.bits() : 0;
        }
        return bits * StrictMath.log(2);
    }

    @Test
    void answersAreBalancedAndSaidTwice() {
        ShortcutScore score = ShortcutScore.of(TELLER, 8000);
        System.out.println("Shortcuts: " + score);
        // Four standard deviations of 13,000 fair coins are 0.018; choosing the best of 6 rules for 10 forms adds a
        // little.
        assertTrue(score.best() < 0.55, score.toString());
        Map<String, Integer> kinds = new TreeMap<>();
        for (long i = 0; i < 2000; i++) {
            Document document = TELLER.document(i);
            for (Question question : document.questions()) {
                kinds.merge(question.kind(), 1, Integer::sum);
                int first = document.story().indexOf(question.fact());
                assertTrue(document.story().indexOf(question.fact(), first + 1) > first, document.text());
                assertTrue(question.answer().contains(question.fact()));
                // Two friends may be alike.
                assertTrue(question.kind().equals("how") || !question.fact().equals(question.rival()));
            }
        }
        assertEquals(Set.copyOf(Question.KINDS), kinds.keySet());
        assertTrue(kinds.values().stream().allMatch(n -> n > 800), kinds.toString());
    }

    @Test
    void aTwentiethOfTheCombinationsIsHeldOut() {
        int heldOut = 0;
        for (String kind : Words.KINDS) {
            for (String object : Words.OBJECTS) {
                heldOut += HeldOut.is(kind, object) ? 1 : 0;
            }
        }
        assertEquals(0.05, heldOut / (double) (Words.KINDS.size() * Words.OBJECTS.size()), 0.001);
        Set<String> out = new HashSet<>();
        for (long i = 0; i < 500; i++) {
            Document document = TELLER.heldOut(i);
            assertEquals(Document.Form.CONVERSATION, document.form());
            out.add(document.combination());
        }
        for (long i = 0; i < 5000; i++) {
            assertFalse(out.contains(TELLER.document(i).combination()));
        }
        for (String request : SampleRequests.ALL) {
            assertTrue(
                    Odds.after(Tags.USER + request + Tags.END + Tags.ASSISTANT)
                                    .next()
                                    .size()
                            > 1,
                    request);
        }
    }

    @Test
    void oddsSumToOneAllAlongADocumentAndMultiplyToItsBits() {
        for (long i = 0; i < 20; i++) {
            Document document = TELLER.document(i);
            double bits = 0;
            for (int at = 0; at < document.text().length(); at++) {
                Odds odds = Odds.after(document.text().substring(0, at));
                double sum = 0;
                for (Odds.Next next : odds.next()) {
                    sum += next.odds();
                    for (Odds.Next other : odds.next()) {
                        assertTrue(
                                next.equals(other) || !other.text().startsWith(next.text()), next + " begins " + other);
                    }
                }
                assertEquals(1, sum, 1e-12);
                int here = at;
                Piece piece = document.pieces().stream()
                        .filter(each -> each.start() <= here && here < each.end())
                        .findFirst()
                        .orElseThrow();
                if (piece.start() == at) {
                    String said = document.text().substring(at, piece.end());
                    Odds.Next told = odds.next().stream()
                            .filter(each -> piece.forced()
                                    ? said.startsWith(each.text())
                                    : each.text().equals(said))
                            .findFirst()
                            .orElseThrow();
                    assertEquals(piece.bits(), -StrictMath.log(told.odds()) / StrictMath.log(2), 1e-9);
                    bits += piece.bits();
                }
            }
            assertEquals(document.bits(), bits, 1e-9);
            assertEquals(List.of(), Odds.after(document.text()).next());
            assertThrows(GlassException.class, () -> Odds.after(document.text() + "<|user|>Who"));
        }
        assertThrows(GlassException.class, () -> Odds.after("<|user|>Tell me a lie"));
    }

    @Test
    void theCheckerTakesStoriesOfTheWorldAndNamesFromOutside() {
        for (long i = 0; i < 1000; i++) {
            Document document = TELLER.document(i);
            if (!document.story().isEmpty()) {
                Checker.Verdict verdict = Checker.check(document.request(), document.story());
                assertTrue(verdict.consistent(), () -> document.text() + " " + verdict);
                assertTrue(verdict.questions().containsAll(document.questions()));
                if (document.form() == Document.Form.CONVERSATION
                        && document.story().indexOf("Xanthe") < 0) {
                    String hero = document.story().replaceAll("(?s).* (named|called) ([A-Z][a-z]*)\\..*", "$2");
                    String request = document.request().replaceAll("\\b" + hero + "\\b", "Xanthe");
                    String story = document.story().replaceAll("\\b" + hero + "\\b", "Xanthe");
                    if (story.indexOf(", X") < 0) {
                        assertTrue(Checker.consistent(request, story), request + " " + story);
                    }
                }
            }
        }
    }

    @Test
    void theCheckerRejectsAStoryWithOneChangedFact() {
        List<List<String>> lists = List.of(Words.KINDS, Words.OBJECTS, Words.TRAITS, Words.PLACES, Words.COLOURS);
        int changed = 0;
        for (long i = 0; i < 500; i++) {
            Document document = TELLER.document(i);
            if (document.form() != Document.Form.CONVERSATION
                    || !document.request().matches(".* the .* and an? .*")) {
                continue;
            }
            String story = document.story();
            for (List<String> list : lists) {
                for (String fact : list) {
                    // The helper may be of any kind, the hero's is asked for.
                    int at = list.equals(Words.KINDS)
                            ? story.indexOf(" " + fact + " ")
                            : story.lastIndexOf(" " + fact + " ");
                    String other = list.get((list.indexOf(fact) + 1) % list.size());
                    boolean twice = (!list.equals(Words.KINDS) && story.indexOf(" " + fact) < at)
                            || document.request().contains(" " + fact);
                    if (at >= 0 && twice && story.indexOf(" " + other) < 0) {
                        String wrong = story.substring(0, at + 1) + other + story.substring(at + 1 + fact.length());
                        assertFalse(Checker.consistent(document.request(), wrong), wrong);
                        changed++;
                    }
                }
            }
            for (Question question : document.questions()) {
                if (question.kind().equals("who")) {
                    int at = story.lastIndexOf(question.fact() + "!\"");
                    if (at > 0) {
                        String wrong = story.substring(0, at)
                                + question.rival()
                                + story.substring(at + question.fact().length());
                        assertFalse(Checker.consistent(document.request(), wrong), wrong);
                        changed++;
                    }
                }
            }
            assertFalse(Checker.consistent(document.request(), story.substring(0, story.length() - 1)));
        }
        assertTrue(changed > 1000, changed + " changes tried");
    }
}
