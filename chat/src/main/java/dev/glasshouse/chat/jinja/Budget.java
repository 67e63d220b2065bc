package dev.glasshouse.chat.jinja;

/**
 * What one rendering may cost. A template is a program from a stranger, so every evaluated node, every copied character
 * and every list element is counted, and the count of characters is never given back: it bounds the memory that values
 * can hold at any moment. Counts, not clocks, so that a template which renders on one machine renders on all.
 */
final class Budget {
    /** Nodes evaluated, plus one for every sixteen characters handled. */
    private static final long WORK = 20_000_000;

    /** Characters and (weighted) list elements made. */
    private static final long CHARACTERS = 32L << 20;

    private static final int DEPTH = 900;
    /** Nesting of lists in lists, as text, in comparisons and as JSON. */
    static final int NESTING = 200;

    private final long workLimit;
    private final long characterLimit;
    private long work;
    private long characters;
    private int depth;

    /** @param input characters of template and variables: long conversations may cost more */
    Budget(long input) {
        workLimit = WORK + 100 * input;
        characterLimit = CHARACTERS + 200 * input;
    }

    void step() {
        work(1);
    }

    void work(long units) {
        work += units;
        if (work > workLimit) {
            throw new JinjaException("the template does not come to an end within " + workLimit + " steps");
        }
    }

    /** Counts text about to be copied; call before allocating it. */
    void characters(long count) {
        characters += count;
        if (characters > characterLimit) {
            throw new JinjaException("the template makes more than " + characterLimit + " characters of text");
        }
        work(1 + (count >> 4));
    }

    /** Counts list elements about to be made. */
    void elements(long count) {
        characters(8 * Math.min(count, characterLimit));
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new JinjaException("calls and expressions are nested too deeply (endless recursion?)");
        }
    }

    void leave() {
        depth--;
    }
}
