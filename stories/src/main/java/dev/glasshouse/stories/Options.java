package dev.glasshouse.stories;

import java.util.Arrays;
import java.util.List;

/**
 * Texts that may come at one place, with their odds. No text with odds above 0 is the beginning of another, so the text that follows
 * tells which one it was.
 */
final class Options {
    private final String[] texts;
    private final double[] odds;
    private final String object;
    private final String colour;

    private Options(String[] texts, double[] odds, String object, String colour) {
        this.texts = texts;
        this.odds = odds;
        this.object = object;
        this.colour = colour;
    }

    /** Options that are equally likely. */
    static Options uniform(List<String> texts) {
        double[] odds = new double[texts.size()];
        Arrays.fill(odds, 1.0 / odds.length);
        return new Options(texts.toArray(new String[0]), odds, "", "");
    }

    static Options of(String... texts) {
        return uniform(List.of(texts));
    }

    /** Options with weights; the odds are the weights over their sum. */
    static Options weighted(String[] texts, double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double[] odds = new double[weights.length];
        for (int i = 0; i < odds.length; i++) {
            odds[i] = weights[i] / sum;
        }
        return new Options(texts, odds, "", "");
    }

    /** The same options but one, which gets no odds. */
    Options without(String text) {
        double[] weights = odds.clone();
        for (int i = 0; i < weights.length; i++) {
            if (texts[i].equals(text)) {
                weights[i] = 0;
            }
        }
        return weighted(texts, weights);
    }

    /** The same options with an object in place of each # and a colour in place of each @. */
    Options filled(String with, String hue) {
        return new Options(texts, odds, with, hue);
    }

    int size() {
        return texts.length;
    }

    String text(int index) {
        return object.isEmpty()
                ? texts[index]
                : texts[index].replace("#", object).replace("@", colour);
    }

    double odds(int index) {
        return odds[index];
    }

    /** Bits of information in an option. */
    double bits(int index) {
        return -StrictMath.log(odds[index]) / StrictMath.log(2);
    }
}
