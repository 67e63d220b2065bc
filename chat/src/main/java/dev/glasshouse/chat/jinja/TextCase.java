package dev.glasshouse.chat.jinja;

import java.util.Locale;

/** Upper and lower case; a character's images keep its origin. */
final class TextCase {
    private interface Image {
        String of(String character);
    }

    private TextCase() {}

    private static Text map(Interpreter in, Text text, int from, int to, Image image) {
        TextBuilder out = new TextBuilder(in.budget());
        String value = text.value();
        for (int i = from; i < to; ) {
            int c = value.codePointAt(i);
            String mapped = image.of(Character.toString(c));
            out.append(mapped, text.inputAt(i));
            i += Character.charCount(c);
        }
        return out.build().withMarkup(text.markup());
    }

    private static String up(String character) {
        return character.toUpperCase(Locale.ROOT);
    }

    private static String down(String character) {
        return character.toLowerCase(Locale.ROOT);
    }

    private static String toTitle(String character) {
        int c = character.codePointAt(0);
        int title = Character.toTitleCase(c);
        return title != c ? Character.toString(title) : Character.isLowerCase(c) ? expandedTitle(character) : character;
    }

    /** Characters such as ß, whose upper case is several letters, of which only the first stays upper. */
    private static String expandedTitle(String character) {
        String upper = up(character);
        int first = Character.charCount(upper.codePointAt(0));
        return upper.substring(0, first) + down(upper.substring(first));
    }

    static Text upper(Interpreter in, Text text) {
        return map(in, text, 0, text.units(), TextCase::up);
    }

    static Text lower(Interpreter in, Text text) {
        return lower(in, text, 0, text.units());
    }

    /** A capital sigma at the end of a word becomes ς, which only its neighbours tell. */
    private static Text lower(Interpreter in, Text text, int from, int to) {
        if (text.value().indexOf('\u03a3') < 0) {
            return map(in, text, from, to, TextCase::down);
        }
        String whole = text.value().toLowerCase(Locale.ROOT);
        boolean aligned = whole.length() == text.units();
        TextBuilder out = new TextBuilder(in.budget());
        for (int i = from; i < to; ) {
            int c = text.value().codePointAt(i);
            int next = i + Character.charCount(c);
            String mapped = c == '\u03a3' && aligned ? whole.substring(i, next) : down(Character.toString(c));
            out.append(mapped, text.inputAt(i));
            i = next;
        }
        return out.build().withMarkup(text.markup());
    }

    static Text swap(Interpreter in, Text text) {
        return map(in, text, 0, text.units(), c -> Character.isUpperCase(c.codePointAt(0)) ? down(c) : up(c));
    }

    static Text capitalize(Interpreter in, Text text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.value().codePointAt(0));
        return new TextBuilder(in.budget())
                .append(map(in, text, 0, first, TextCase::toTitle))
                .append(lower(in, text, first, text.units()))
                .build()
                .withMarkup(text.markup());
    }

    /** {@code str.title}: a capital after everything that is no letter. */
    static Text title(Interpreter in, Text text) {
        TextBuilder out = new TextBuilder(in.budget());
        String value = text.value();
        boolean inWord = false;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            String character = Character.toString(c);
            out.append(inWord ? down(character) : toTitle(character), text.inputAt(i));
            inWord = Characters.isCased(c);
            i += Character.charCount(c);
        }
        return out.build().withMarkup(text.markup());
    }

    /** The filter {@code |title}: a capital after white space and opening brackets. */
    static Text titleFilter(Interpreter in, Text text) {
        TextBuilder out = new TextBuilder(in.budget());
        String value = text.value();
        boolean inWord = false;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            boolean separator = Characters.isSpace(c) || "-({[<".indexOf(c) >= 0;
            String character = Character.toString(c);
            out.append(inWord && !separator ? down(character) : up(character), text.inputAt(i));
            inWord = !separator;
            i += Character.charCount(c);
        }
        return out.build();
    }

    static boolean isUpper(Text text) {
        return text.value().codePoints().anyMatch(Character::isUpperCase)
                && text.value().codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    static boolean isLower(Text text) {
        return text.value().codePoints().anyMatch(Character::isLowerCase)
                && text.value().codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    static boolean isTitle(Text text) {
        boolean any = false;
        boolean inWord = false;
        for (int c : text.value().codePoints().toArray()) {
            boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
            if (upper && inWord || Character.isLowerCase(c) && !inWord) {
                return false;
            }
            inWord = Characters.isCased(c);
            any |= inWord;
        }
        return any;
    }
}
