package dev.glasshouse.chat;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a streamed answer into what the model thinks, {@code <think>…</think>}, and what it says. A tag may come in any
 * number of pieces; text that could still become one is held back, everything else goes on at once. Only a tag that opens
 * the answer counts: one in the midst of it is text. White space around the tags is dropped.
 */
public final class ReasoningSplitter {
    /** @param reasoning whether the text belongs to the reasoning rather than to the answer */
    public record Segment(String text, boolean reasoning) {}

    private enum State {
        START,
        REASONING_START,
        REASONING,
        ANSWER_START,
        ANSWER
    }

    private final String open;
    private final String close;
    private final StringBuilder held = new StringBuilder();
    private State state;

    /**
     * @param open the tag that begins the reasoning, such as {@code <think>}
     * @param close the tag that ends it
     * @param opened whether the prompt already ends with the opening tag
     */
    public ReasoningSplitter(String open, String close, boolean opened) {
        if (open.isEmpty() || close.isEmpty()) {
            throw new IllegalArgumentException("tags must not be empty");
        }
        this.open = open;
        this.close = close;
        state = opened ? State.REASONING_START : State.START;
    }

    /** For {@code <think>} tags; sees from the prompt's end whether the template has opened one. */
    public static ReasoningSplitter after(String prompt) {
        return new ReasoningSplitter(
                "<think>", "</think>", prompt.stripTrailing().endsWith("<think>"));
    }

    /** Takes the next piece of the answer; returns what is certain by now, in order. */
    public List<Segment> accept(String piece) {
        held.append(piece);
        List<Segment> segments = new ArrayList<>();
        while (step(segments)) {
            // one transition after the other
        }
        return segments;
    }

    /** The answer is over: returns what was held back. */
    public List<Segment> finish() {
        List<Segment> segments = new ArrayList<>();
        boolean reasoning = state == State.REASONING || state == State.REASONING_START;
        emit(segments, held.length(), reasoning);
        return segments;
    }

    /** One transition; false when more text is needed. */
    private boolean step(List<Segment> segments) {
        return switch (state) {
            case START -> start();
            case REASONING_START -> skipSpace(State.REASONING);
            case ANSWER_START -> skipSpace(State.ANSWER);
            case REASONING -> reason(segments);
            case ANSWER -> {
                emit(segments, held.length(), false);
                yield false;
            }
        };
    }

    private boolean start() {
        int start = firstText();
        String rest = held.substring(start);
        if (rest.startsWith(open)) {
            held.delete(0, start + open.length());
            state = State.REASONING_START;
            return true;
        }
        if (open.startsWith(rest)) {
            return false;
        }
        state = State.ANSWER;
        return true;
    }

    private boolean skipSpace(State next) {
        held.delete(0, firstText());
        if (held.isEmpty()) {
            return false;
        }
        state = next;
        return true;
    }

    private boolean reason(List<Segment> segments) {
        int end = held.indexOf(close);
        if (end < 0) {
            emit(segments, textEnd(partialClose()), true);
            return false;
        }
        String text = held.substring(0, textEnd(end));
        held.delete(0, end + close.length());
        if (!text.isEmpty()) {
            segments.add(new Segment(text, true));
        }
        state = State.ANSWER_START;
        return true;
    }

    private int firstText() {
        int at = 0;
        while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
            at++;
        }
        return at;
    }

    private int textEnd(int end) {
        int at = end;
        while (at > 0 && Character.isWhitespace(held.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** Where an ending that could grow into the closing tag begins. */
    private int partialClose() {
        for (int at = Math.max(0, held.length() - close.length() + 1); at < held.length(); at++) {
            if (close.startsWith(held.substring(at))) {
                return at;
            }
        }
        return held.length();
    }

    private void emit(List<Segment> segments, int end, boolean reasoning) {
        if (end > 0) {
            segments.add(new Segment(held.substring(0, end), reasoning));
            held.delete(0, end);
        }
    }
}
