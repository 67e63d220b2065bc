package dev.glasshouse.stories;

import java.util.Arrays;
import java.util.List;

/**
 * Names spelt as the world's words are: each letter is drawn after the one before it. They have beginnings and endings that the
 * invented names of stories lack.
 */
final class OddNames {
    private static final int SHORTEST = 3;
    private static final int LONGEST = 8;
    /** Letters, and before the first and after the last one a border. */
    private static final int BORDER = 26;
    /** How often each letter follows another one in the words, and a little for any. */
    private static final double[][] FOLLOWS = follows();

    private OddNames() {}

    /**
     * Tells a name.
     *
     * @param after the text that ends it; it begins with no letter
     */
    static String tell(Voice voice, String after) {
        StringBuilder name = new StringBuilder();
        int before = BORDER;
        while (true) {
            double[] weights = FOLLOWS[before].clone();
            if (name.length() < SHORTEST) {
                weights[BORDER] = 0;
            } else if (name.length() == LONGEST) {
                weights = new double[BORDER + 1];
                weights[BORDER] = 1;
            }
            String[] texts = Names.letters(name.isEmpty(), after);
            int letter = voice.choose("name", Options.weighted(texts, weights));
            if (letter == BORDER) {
                return name.toString();
            }
            name.append(texts[letter]);
            before = letter;
        }
    }

    private static double[][] follows() {
        double[][] counts = new double[BORDER + 1][BORDER + 1];
        for (double[] row : counts) {
            Arrays.fill(row, 0.1);
        }
        Words.LISTS.stream().flatMap(List::stream).forEach(word -> {
            int before = BORDER;
            for (int i = 0; i < word.length(); i++) {
                int letter = word.charAt(i) - 'a';
                counts[before][letter]++;
                before = letter;
            }
            counts[before][BORDER]++;
        });
        return counts;
    }
}
