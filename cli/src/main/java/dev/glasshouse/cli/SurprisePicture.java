package dev.glasshouse.cli;

import dev.glasshouse.Session;
import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How surprised the model is by each token of a text, in bits: 0 not at all, 10 as by one in 1,024. The number stands below
 * each token; five steps of underline and, where the terminal has all colours, of background say the same at a glance. One
 * hue, so that nothing rests on telling colours apart.
 */
final class SurprisePicture {
    private static final int MARGIN = 7;
    private static final double[] BOUNDS = {1, 2, 4, 7};
    /** Underline style, text and background, each with a contrast of at least 6:1. */
    private static final String[] TRUE_COLOUR = {
        "",
        "4:4;38;2;245;246;249;48;2;61;47;18",
        "4:5;38;2;245;246;249;48;2;92;63;12",
        "4;38;2;255;255;255;48;2;138;82;0",
        "4:2;38;2;0;0;0;48;2;240;138;44"
    };

    private static final String[] SIXTEEN = {"", "", "4", "1;4", "1;4;7"};

    private SurprisePicture() {}

    /**
     * @param token what it is
     * @param bits how surprising it was; NaN for the first of a text, which has none before it
     */
    record Word(Trace.Token token, double bits) {}

    static List<String> lines(String title, List<Word> words, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        String name = title;
        int at = 0;
        while (at < words.size()) {
            StringBuilder texts = new StringBuilder();
            StringBuilder numbers = new StringBuilder();
            int used = MARGIN;
            int begin = at;
            while (at < words.size()) {
                Word word = words.get(at);
                String text = Columns.fit(
                                PromptPicture.visible(word.token(), canvas), canvas.width() - MARGIN, canvas.ellipsis())
                        .stripTrailing();
                String number = Double.isNaN(word.bits()) ? "" : String.format(Locale.ROOT, "%.1f", word.bits());
                int width = Math.max(Columns.of(text), number.length());
                if (used + width > canvas.width() && at > begin) {
                    break;
                }
                texts.append(canvas.paint(style(word.bits(), canvas.colour()), text))
                        .append(" ".repeat(width - Columns.of(text) + 2));
                numbers.append(Columns.fit(number, width, "")).append("  ");
                used += width + 2;
                at++;
            }
            lines.add(canvas.paint(Role.STRONG, Columns.fit(name, MARGIN, ""))
                    + texts.toString().stripTrailing());
            lines.add(canvas.paint(Role.FAINT, (" ".repeat(MARGIN) + numbers).stripTrailing()));
            name = "";
        }
        lines.add(summary(words, canvas));
        return lines;
    }

    /** The tokens of a path from a position on, with how surprising they were. */
    static List<Word> words(Session session, int node, int from) {
        Map<Integer, Double> bits = new HashMap<>();
        for (Session.Scored scored : session.score(node)) {
            bits.put(scored.node(), -scored.logProbability() / StrictMath.log(2));
        }
        List<Session.Node> path = session.path(node);
        return path.subList(Math.min(from, path.size()), path.size()).stream()
                .map(each -> new Word(each.token(), bits.getOrDefault(each.number(), Double.NaN)))
                .toList();
    }

    static int level(double bits) {
        int level = 0;
        while (level < BOUNDS.length && bits >= BOUNDS[level]) {
            level++;
        }
        return level;
    }

    static String style(double bits, ColourLevel colour) {
        return switch (colour) {
            case NONE -> "";
            case SIXTEEN, INDEXED -> SIXTEEN[level(bits)];
            case TRUE -> TRUE_COLOUR[level(bits)];
        };
    }

    /** Where the greatest number of bits is; empty where there is none. */
    static OptionalInt mostSurprising(List<Word> words) {
        int most = -1;
        for (int i = 0; i < words.size(); i++) {
            if (!Double.isNaN(words.get(i).bits())
                    && (most < 0 || words.get(i).bits() > words.get(most).bits())) {
                most = i;
            }
        }
        return most < 0 ? OptionalInt.empty() : OptionalInt.of(most);
    }

    private static String summary(List<Word> words, Canvas canvas) {
        OptionalInt most = mostSurprising(words);
        if (most.isEmpty()) {
            return canvas.paint(Role.FAINT, " ".repeat(MARGIN) + "nothing to be surprised by");
        }
        double mean = words.stream()
                .mapToDouble(Word::bits)
                .filter(bits -> !Double.isNaN(bits))
                .average()
                .orElse(0);
        Word top = words.get(most.getAsInt());
        List<String> facts = List.of(
                String.format(Locale.ROOT, "%.2f bits a token", mean),
                "perplexity " + StepPicture.choices(StrictMath.pow(2, mean)),
                "most surprising " + PromptPicture.visible(top.token(), canvas)
                        + String.format(Locale.ROOT, ", %.1f bits", top.bits()));
        return canvas.paint(
                Role.FAINT,
                " ".repeat(MARGIN)
                        + StepPicture.fitting(MARGIN - 2, facts, canvas).strip());
    }
}
