package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What could follow, as an indented tree: each token with its probability given the one before, and that of the whole path;
 * what no branch shows is a row of its own, so that a node's rows add up to 100 %.
 */
final class TreePicture {
    private static final int MARGIN = 7;
    private static final int NUMBERS = 18;
    private static final int BAR = 16;

    private final TokenNames names;
    private final Canvas canvas;
    private final int texts;
    private final List<String> lines = new ArrayList<>();

    private TreePicture(TokenNames names, Canvas canvas) {
        this.names = names;
        this.canvas = canvas;
        texts = Math.min(56, canvas.width() - MARGIN - NUMBERS - 2 - BAR);
    }

    static List<String> lines(TokenTree root, TokenNames names, Canvas canvas) {
        TreePicture picture = new TreePicture(names, canvas);
        picture.lines.add(canvas.paint(Role.STRONG, "tree") + "   "
                + canvas.paint(
                        Role.FAINT,
                        Columns.fit("raw probabilities", picture.texts, "")
                                + Columns.right("here", 8)
                                + Columns.right("path", 10)));
        picture.add(root, "");
        return picture.lines.stream().map(String::stripTrailing).collect(Collectors.toList());
    }

    /** Width and depth from "3x2", "3 2" or nothing, which is 3 and 2. */
    static int[] size(String text) {
        String[] words = text.isBlank() ? new String[] {"3", "2"} : text.strip().split("[\\sx×]+");
        if (words.length != 2) {
            throw new GlassException("A tree has a width and a depth, for example 3x2, not '" + text + "'.");
        }
        return new int[] {Workbench.number(words[0], "a width"), Workbench.number(words[1], "a depth")};
    }

    private void add(TokenTree node, String indent) {
        boolean rest = node.tail() > 0 && !node.children().isEmpty();
        for (int i = 0; i < node.children().size(); i++) {
            TokenTree child = node.children().get(i);
            boolean last = i == node.children().size() - 1 && !rest;
            String branch = last ? canvas.glyph("└ ", "` ") : canvas.glyph("├ ", "+ ");
            line(
                    indent + branch,
                    names.visible(child.id(), canvas),
                    child.probability(),
                    child.pathProbability(),
                    false);
            add(child, indent + (last ? "  " : canvas.glyph("│ ", "| ")));
        }
        if (rest) {
            line(
                    indent + canvas.glyph("└ ", "` "),
                    "everything else",
                    node.tail(),
                    node.tail() * node.pathProbability(),
                    true);
        }
    }

    private void line(String indent, String text, double here, double path, boolean faint) {
        int room = Math.max(4, texts - Columns.of(indent));
        String numbers = Columns.right(Canvas.percent(here), 8) + Columns.right(Canvas.percent(path), 10);
        String token = Columns.fit(text, room, canvas.ellipsis());
        String bar = canvas.paint(Role.BAR, canvas.bar(path, BAR).stripTrailing());
        String head = " ".repeat(MARGIN) + canvas.paint(Role.FAINT, indent);
        lines.add(faint ? head + canvas.paint(Role.FAINT, token + numbers) : head + token + numbers + "  " + bar);
    }
}
