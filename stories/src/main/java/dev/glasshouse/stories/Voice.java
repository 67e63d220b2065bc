package dev.glasshouse.stories;

/**
 * Who a story is told through. The telling is one code; a voice that draws makes texts, a voice that reads parses them, a voice
 * that stops at the end of a prefix knows what may come next. Text is said once, from left to right.
 */
interface Voice {
    /** Text that has to come here. */
    void say(String text);

    /**
     * Says one of several texts.
     *
     * @param label what is chosen, such as {@code colour}
     * @return the index of the option
     */
    int choose(String label, Options options);
}
