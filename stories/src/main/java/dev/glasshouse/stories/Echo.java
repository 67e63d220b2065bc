package dev.glasshouse.stories;

import java.util.List;

/**
 * A list that is to be repeated: words and names in turn, half of these as in stories and half odder ones. A model learns from it to copy what it has just read, before it can do
 * so within a story; without it, that came late or never.
 */
final class Echo {
    /** How a user asks for it. */
    static final String REQUEST = "Repeat after me: ";

    private static final int ITEMS = 12;
    private static final String BETWEEN = ", ";
    private static final Options WORDS = Options.uniform(Words.LISTS.stream()
            .flatMap(List::stream)
            .distinct()
            .map(word -> word + BETWEEN)
            .toList());

    private Echo() {}

    /** Tells the list behind the request, and the answer. */
    static void tell(Voice voice) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < ITEMS; i += 2) {
            list.append(WORDS.text(voice.choose("word", WORDS)));
            String after = i + 2 < ITEMS ? BETWEEN : ".";
            boolean odd = i % 4 == 0;
            list.append(odd ? OddNames.tell(voice, after) : Names.tell(voice, "name", "", after))
                    .append(after);
        }
        voice.say(Tags.END + Tags.ASSISTANT + list + Tags.END);
    }
}
