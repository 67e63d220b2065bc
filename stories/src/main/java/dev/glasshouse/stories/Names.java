package dev.glasshouse.stories;

import java.util.List;
import java.util.stream.Stream;

/**
 * Names, letter by letter. Half of them come from a list, half are invented, some of these from the beginning of another word, so that
 * a model learns to copy the tokens of such beginnings; since a letter may belong to all of them, the odds of a letter are those of the mixture after the letters before it. So a name has one derivation, and its information is exact.
 */
final class Names {
    /** Names of the list. Each fits a he as well as a she. */
    static final List<String> LISTED = List.of(
            "Ash", "Bobbin", "Bramble", "Charlie", "Chip", "Clover", "Coco", "Dusty", "Ember", "Finch", "Frankie",
            "Ginger", "Hazel", "Indigo", "Jules", "Kiki", "Kit", "Lark", "Lou", "Maple", "Marlow", "Milo", "Misty",
            "Momo", "Nico", "Nutmeg", "Olly", "Patch", "Pepper", "Pip", "Quinn", "Remy", "Robin", "Rowan", "Rusty",
            "Sandy", "Sasha", "Scout", "Sky", "Sunny", "Teddy", "Toffee", "Umber", "Vesper", "Willow", "Yuki", "Ziggy",
            "Zuzu");

    /** What some invented names begin as, beside those of the list: words that sentences begin with. */
    private static final List<String> BEGINNINGS = Stream.concat(
                    LISTED.stream(),
                    Stream.of(
                            "And", "The", "Then", "This", "That", "Finally", "Thus", "Once", "Please", "Tell", "Make",
                            "Write", "Explain", "Monday", "Tuesday", "Wednes", "Thurs", "Friday", "Satur", "Sunday",
                            "Bravo", "Hooray", "Good", "Well", "What", "How", "Thank", "Luckily", "Sudden", "Next",
                            "Soon", "Just", "Before", "Minutes", "Right", "Down", "Long", "Far", "Who", "Where",
                            "Japan", "France", "China", "Peru", "Hello", "Solve", "Trans", "Give", "Help", "Can",
                            "Ever", "After", "Even", "Years"))
            .toList();

    private static final double FROM_LIST = 0.5;
    private static final double FROM_SOUND = 0.33;
    private static final double FROM_BEGINNINGS = 0.17;
    /** Letters that are taken of a beginning at least; behind each further one it may be left. */
    private static final int TAKEN = 2;

    private static final double LEFT = 0.5;

    /** Letters of the longest invented name. */
    static final int LONGEST = 8;

    private static final String VOWELS = "aeiou";
    private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";
    private static final double[] CONSONANT_WEIGHTS = {
        3, 1.5, 3, 2, 2.5, 2, 2, 3, 4, 4, 4, 3, 0.7, 4, 3.5, 4, 2.5, 2, 1, 1.5, 3
    };
    private static final String AFTER_FIRST = "hlrwy";
    private static final String AFTER_CONSONANT = "dhklmnrsty";
    private static final String[] CAPITALS = letters('A');
    private static final String[] SMALL = letters('a');
    private static final double STRAY = 0.06;

    private Names() {}

    /** The texts of a next letter: a capital first, small ones behind it, and in place 26 what ends a name. */
    static String[] letters(boolean first, String after) {
        String[] texts = (first ? CAPITALS : SMALL).clone();
        texts[26] = after;
        return texts;
    }

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
     * @param other a name that it must not begin with, nor be the beginning of; empty for none
     * @param after the text that ends the name; it begins with no letter
     * @return the name, without the text after it
     */
    static String tell(Voice voice, String label, String other, String after) {
        StringBuilder name = new StringBuilder();
        List<String> candidates = LISTED;
        List<String> beginnings = BEGINNINGS;
        double follows = FROM_BEGINNINGS / BEGINNINGS.size();
        double invented = FROM_SOUND;
        while (true) {
            boolean first = name.isEmpty();
            double[] fromList = new double[27];
            double[] fromSound = next(name);
            int reached = beginnings.size();
            beginnings = beginnings.stream()
                    .filter(each -> each.length() > name.length())
                    .toList();
            invented += follows * (reached - beginnings.size());
            if (name.length() >= TAKEN) {
                invented += LEFT * follows * beginnings.size();
                follows *= 1 - LEFT;
            }
            for (String each : candidates) {
                fromList[letter(each, name.length())] += FROM_LIST / LISTED.size();
            }
            for (String each : beginnings) {
                fromList[letter(each, name.length())] += follows;
            }
            double[] weights = new double[27];
            for (int i = 0; i < 27; i++) {
                weights[i] = fromList[i] + invented * fromSound[i];
            }
            // A name from outside may be longer than any that is told here.
            if (!first && other.startsWith(name.toString()) && name.length() < LONGEST) {
                weights[26] = 0;
            }
            if (name.length() + 1 == other.length() && other.startsWith(name.toString())) {
                weights[letter(other, name.length())] = 0;
            }
            String[] texts = letters(first, after);
            int chosen = voice.choose(label, Options.weighted(texts, weights));
            if (chosen == 26) {
                return name.toString();
            }
            invented *= fromSound[chosen];
            name.append(texts[chosen]);
            String beginning = name.toString();
            candidates = startingWith(beginning, candidates);
            beginnings = startingWith(beginning, beginnings);
        }
    }

    private static List<String> startingWith(String beginning, List<String> names) {
        return names.stream().filter(each -> each.startsWith(beginning)).toList();
    }

    /** The number of a letter of a name, 26 for its end. */
    private static int letter(String name, int at) {
        return at == name.length() ? 26 : (name.charAt(at) | 0x20) - 'a';
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
