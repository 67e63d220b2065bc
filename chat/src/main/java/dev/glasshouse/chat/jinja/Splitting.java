package dev.glasshouse.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Cutting texts apart and joining them. */
final class Splitting {
    private Splitting() {}

    static Text strip(Interpreter in, Text text, Optional<Text> characters, boolean start, boolean end) {
        String value = text.value();
        int from = 0;
        int to = value.length();
        while (start && from < to && strips(in, value.codePointAt(from), characters)) {
            from += Character.charCount(value.codePointAt(from));
        }
        while (end && to > from && strips(in, value.codePointBefore(to), characters)) {
            to -= Character.charCount(value.codePointBefore(to));
        }
        return text.slice(in.budget(), from, to);
    }

    private static boolean strips(Interpreter in, int c, Optional<Text> characters) {
        if (characters.isEmpty()) {
            return Characters.isSpace(c);
        }
        in.budget().work(1 + characters.get().units() / 16);
        return characters.get().value().indexOf(c) >= 0;
    }

    private static void add(Interpreter in, List<Text> parts, Text text, int from, int to) {
        in.budget().elements(4);
        parts.add(text.slice(in.budget(), from, to));
    }

    /** @param most cuts, or negative for all */
    static List<Text> bySeparator(Interpreter in, Text text, Text separator, int most, boolean fromEnd) {
        if (separator.isEmpty()) {
            throw new JinjaException("empty separator");
        }
        List<Text> parts = new ArrayList<>();
        String value = text.value();
        int cuts = most < 0 ? Integer.MAX_VALUE : most;
        if (fromEnd && cuts != Integer.MAX_VALUE) {
            int end = value.length();
            while (parts.size() < cuts) {
                int at = Search.findLast(in.budget(), value, separator.value(), end);
                if (at < 0) {
                    break;
                }
                add(in, parts, text, at + separator.units(), end);
                end = at;
            }
            add(in, parts, text, 0, end);
            Collections.reverse(parts);
            return parts;
        }
        int start = 0;
        while (parts.size() < cuts) {
            int at = Search.find(in.budget(), value, separator.value(), start);
            if (at < 0) {
                break;
            }
            add(in, parts, text, start, at);
            start = at + separator.units();
        }
        add(in, parts, text, start, value.length());
        return parts;
    }

    static List<Text> bySpace(Interpreter in, Text text, int most, boolean fromEnd) {
        List<Text> parts = new ArrayList<>();
        String value = text.value();
        int cuts = most < 0 ? Integer.MAX_VALUE : most;
        if (fromEnd) {
            int end = Characters.stripEnd(value);
            while (end > 0) {
                int start = end;
                while (start > 0 && !Characters.isSpace(value.charAt(start - 1))) {
                    start--;
                }
                if (parts.size() == cuts) {
                    start = 0;
                }
                add(in, parts, text, start, end);
                end = parts.size() > cuts ? 0 : Characters.stripEnd(value.substring(0, start));
            }
            Collections.reverse(parts);
            return parts;
        }
        int start = Characters.stripStart(value, 0);
        while (start < value.length()) {
            int end = start;
            while (end < value.length() && !Characters.isSpace(value.charAt(end))) {
                end++;
            }
            if (parts.size() == cuts) {
                end = value.length();
            }
            add(in, parts, text, start, end);
            start = Characters.stripStart(value, end);
        }
        return parts;
    }

    static List<Text> lines(Interpreter in, Text text, boolean keepEnds) {
        List<Text> lines = new ArrayList<>();
        String value = text.value();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            if (Characters.isLineBreak(value.charAt(i))) {
                int end = i;
                if (value.charAt(i) == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n') {
                    i++;
                }
                add(in, lines, text, start, keepEnds ? i + 1 : end);
                start = i + 1;
            }
        }
        if (start < value.length()) {
            add(in, lines, text, start, value.length());
        }
        return lines;
    }

    static Text join(Interpreter in, Text separator, List<Text> parts) {
        TextBuilder out = new TextBuilder(in.budget());
        boolean first = true;
        for (Text part : parts) {
            if (!first) {
                out.append(separator);
            }
            first = false;
            out.append(part);
        }
        return out.build();
    }

    /** @param most replacements, or negative for all */
    static Text replace(Interpreter in, Text text, Text old, Text with, int most) {
        int left = most < 0 ? Integer.MAX_VALUE : most;
        TextBuilder out = new TextBuilder(in.budget());
        String value = text.value();
        int start = 0;
        if (old.isEmpty()) {
            while (left-- > 0) {
                out.append(with);
                if (start == value.length()) {
                    break;
                }
                int next = start + Character.charCount(value.codePointAt(start));
                out.append(text, start, next);
                start = next;
            }
        } else {
            while (left-- > 0) {
                int at = Search.find(in.budget(), value, old.value(), start);
                if (at < 0) {
                    break;
                }
                out.append(text, start, at).append(with);
                start = at + old.units();
            }
        }
        if (start == 0 && out.units() == 0) {
            return text;
        }
        return out.append(text, start, value.length()).build().withMarkup(text.markup());
    }

    static Text expandTabs(Interpreter in, Text text, int size) {
        TextBuilder out = new TextBuilder(in.budget());
        int column = 0;
        String value = text.value();
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c == '\t') {
                int spaces = size > 0 ? size - column % size : 0;
                out.pad(Text.of(" "), spaces);
                column += spaces;
            } else {
                out.append(text, i, next);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
            i = next;
        }
        return out.build();
    }
}
