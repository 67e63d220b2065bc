package dev.glasshouse.stories;

import java.util.List;

/**
 * Names, letter by letter. Half of them come from a list, half are invented; since a letter may belong to both, the odds of a letter
 * are those of the mixture after the letters before it. So a name has one derivation, and its information is exact.
 */
final class Names {
    /** Names of the list. Each fits a he as well as a she. */
    static final List<String> LISTED = List.of(
            "Ash", "Bobbin", "Bramble", "Charlie", "Chip", "Clover", "Coco", "Dusty", "Ember", "Finch", "Frankie",
            "Ginger", "Hazel", "Indigo", "Jules", "Kiki", "Kit", "Lark", "Lou", "Maple", "Marlow", "Milo", "Misty",
            "Momo", "Nico", "Nutmeg", "Olly", "Patch", "Pepper", "Pip", "Quinn", "Remy", "Robin", "Rowan", "Rusty",
            "Sandy", "Sasha", "Scout", "Sky", "Sunny", "Teddy", "Toffee", "Umber", "Vesper", "Willow", "Yuki", "Ziggy",
            "Zuzu");

    /** Letters of the longest invented name. */
    static final int LONGEST = 8;

    private static final String VOWELS = "aeiou";
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";
    private static final double[] CONSONANT_WEIGHTS = {
        3, 1.5, 3, 2, 2.5, 2, 2, 3, 4, 4, 4, 3, 0.7, 4, 3.5, 4, 2.5, 2, 1, 1.5, 3
    };
    private static final String AFTER_FIRST = "hlrwy";
    private static final String AFTER_CONSONANT = "hklmnrsty";
    private static final String[] CAPITALS = letters('A');
    private static final String[] SMALL = letters('a');
    private static final double STRAY = 0.06;

    private Names() {}

    private static String[] letters(char from) {
        String[] letters = new String[27];
        for (int i = 0; i < 26; i++) {
            letters[i] = String.valueOf((char) (from + i));
        }
        letters[26] = "";
        return letters;
    }

    /**
     * Tells a new name.
     *
     * @param not a first letter that it may not have, or a space
     * @param after the text that ends the name; it begins with no letter
     * @return the name, without the text after it
     */
    static String tell(Voice voice, String label, char not, String after) {
        StringBuilder name = new StringBuilder();
        List<String> candidates = LISTED;
        double invented = 0.5;
        while (true) {
            boolean first = name.isEmpty();
            double[] fromList = new double[27];
            double[] fromSound = next(name);
            if (first && not != ' ') {
                fromSound[not - 'A'] = 0;
            }
            for (String each : candidates) {
                if (!first || each.charAt(0) != not) {
                    int letter = each.length() == name.length() ? 26 : (each.charAt(name.length()) | 0x20) - 'a';
                    fromList[letter] += 0.5 / LISTED.size();
                }
            }
            double[] weights = new double[27];
            for (int i = 0; i < 27; i++) {
                weights[i] = fromList[i] + invented * fromSound[i];
            }
            String[] texts = (first ? CAPITALS : SMALL).clone();
            texts[26] = after;
            int chosen = voice.choose(label, Options.weighted(texts, weights));
            if (chosen == 26) {
                return name.toString();
            }
            invented *= fromSound[chosen];
            name.append(texts[chosen]);
            String beginning = name.toString();
            candidates = candidates.stream()
                    .filter(each -> each.startsWith(beginning))
                    .toList();
        }
    }

    /** Odds of each letter, and of the end, in an invented name. Vowels and consonants mostly take turns. */
    private static double[] next(CharSequence name) {
        double[] odds = new double[27];
        int length = name.length();
        if (length == LONGEST) {
            odds[26] = 1;
            return odds;
        }
        int run = 0;
        boolean vowel = false;
        for (int i = length - 1; i >= 0; i--) {
            boolean is = VOWELS.indexOf(name.charAt(i) | 0x20) >= 0;
            if (i == length - 1) {
                vowel = is;
            } else if (is != vowel) {
                break;
            }
            run++;
        }
        double end = length < 3 ? 0 : length < 5 ? 0.33 : 0.55;
        double toVowel = length == 0 ? 0.25 : vowel ? (run > 1 ? 0 : 0.15) : run > 1 ? 1 : 0.8;
        double rest = 1 - end - STRAY;
        for (int i = 0; i < 5; i++) {
            odds[VOWELS.charAt(i) - 'a'] += rest * toVowel / 5;
        }
        String seconds = length == 0 || vowel ? "" : length == 1 ? AFTER_FIRST : AFTER_CONSONANT;
        if (seconds.isEmpty()) {
            double sum = 0;
            for (double weight : CONSONANT_WEIGHTS) {
                sum += weight;
            }
            for (int i = 0; i < CONSONANTS.length(); i++) {
                odds[CONSONANTS.charAt(i) - 'a'] += rest * (1 - toVowel) * CONSONANT_WEIGHTS[i] / sum;
            }
        } else {
            for (int i = 0; i < seconds.length(); i++) {
                odds[seconds.charAt(i) - 'a'] += rest * (1 - toVowel) / seconds.length();
            }
        }
        for (int i = 0; i < 26; i++) {
            odds[i] += STRAY / 26;
        }
        odds[26] = end;
        return odds;
    }
}
