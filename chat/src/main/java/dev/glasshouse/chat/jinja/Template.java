package dev.glasshouse.chat.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A parsed Jinja template, as Jinja2 3.1 reads it with {@code trim_blocks}, {@code lstrip_blocks} and loop controls, in
 * an immutable sandbox. Immutable; may be rendered by several threads at once.
 */
public final class Template {
    private final List<Statement> statements;
    private final int length;

    private Template(List<Statement> statements, int length) {
        this.statements = statements;
        this.length = length;
    }

    /** A stretch of rendered text of one origin. */
    public record Span(String text, boolean input) {}

    /** @throws JinjaException naming line and fault where the source is no template */
    public static Template parse(String source) {
        try {
            return new Template(Parser.parse(source), source.length());
        } catch (StackOverflowError e) {
            throw new JinjaException("the template is nested too deeply").at(1);
        }
    }

    /**
     * Renders; adjacent spans differ in origin.
     *
     * @param now the time {@code strftime_now} tells
     * @throws JinjaException naming line and fault; also where the template costs more than it may
     */
    public List<Span> render(Variables variables, LocalDateTime now) {
        Scope globals = Globals.scope(now);
        variables.values().forEach(globals::set);
        Interpreter interpreter = new Interpreter(new Budget(variables.characters() + length), globals);
        try {
            return spans(interpreter.renderer().render(statements));
        } catch (JinjaException e) {
            throw e.at(interpreter.line());
        } catch (StackOverflowError e) {
            throw new JinjaException("calls or values are nested too deeply").at(interpreter.line());
        }
    }

    private static List<Span> spans(Text text) {
        List<Span> spans = new ArrayList<>();
        int start = 0;
        for (int edge : text.edges()) {
            if (edge > start) {
                spans.add(new Span(text.value().substring(start, edge), text.inputAt(start)));
            }
            start = edge;
        }
        if (start < text.units()) {
            spans.add(new Span(text.value().substring(start), text.inputAt(start)));
        }
        return spans;
    }
}
