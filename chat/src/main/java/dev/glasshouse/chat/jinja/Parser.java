package dev.glasshouse.chat.jinja;

import dev.glasshouse.chat.jinja.Statement.NameTarget;
import dev.glasshouse.chat.jinja.Statement.NamespaceTarget;
import dev.glasshouse.chat.jinja.Statement.Parameter;
import dev.glasshouse.chat.jinja.Statement.Signature;
import dev.glasshouse.chat.jinja.Statement.Target;
import dev.glasshouse.chat.jinja.Statement.TupleTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Statements; expressions are {@link ExpressionParser}'s. The grammar is that of Jinja2 3.1's own parser. */
final class Parser {
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");
    private static final int NESTING = 150;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;
    private int nesting;

    private Parser(String source) {
        tokens = new TokenStream(Lexer.tokens(source));
        expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(String source) {
        return new Parser(source).body();
    }

    /** Statements up to one of the end tags (whose name is then the current token), or to the end of the template. */
    private List<Statement> body(String... ends) {
        if (++nesting > NESTING) {
            throw tokens.failure("blocks are nested more than " + NESTING + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Data(token.line(), Text.of(token.text())));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Output(token.line(), expressions.tuple(true)));
                    tokens.expect(Token.Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    Token name = tokens.current();
                    if (name.kind() != Token.Kind.NAME) {
                        throw tokens.failure("tag name expected, got " + name.describe());
                    }
                    if (List.of(ends).contains(name.text())) {
                        nesting--;
                        return statements;
                    }
                    tokens.next();
                    statement(name, statements);
                    tokens.expect(Token.Kind.BLOCK_END);
                }
                default -> {
                    if (ends.length != 0) {
                        throw tokens.failure(
                                "the template ends before " + String.join(" or ", ends) + " of an open block");
                    }
                    nesting--;
                    return statements;
                }
            }
        }
    }

    private List<Statement> blockBody(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Token.Kind.BLOCK_END);
        return body(ends);
    }

    private List<Statement> closedBody(String end) {
        List<Statement> body = blockBody(end);
        tokens.next();
        return body;
    }

    private void statement(Token tag, List<Statement> out) {
        int line = tag.line();
        switch (tag.text()) {
            case "if" -> out.add(conditional(line));
            case "for" -> out.add(loop(line));
            case "set" -> out.add(assignment(line));
            case "macro" -> {
                String name = nameTarget();
                out.add(macro(line, name));
            }
            case "call" -> out.add(callBlock(line));
            case "filter" -> {
                Expression filters = expressions.filters(new Expression.Captured(line), true);
                out.add(new Statement.FilterBlock(line, filters, closedBody("endfilter")));
            }
            case "with" -> out.add(with(line));
            case "block" -> out.add(block(line));
            case "generation" -> out.add(new Statement.With(line, List.of(), List.of(), closedBody("endgeneration")));
            case "print" -> {
                boolean first = true;
                while (tokens.current().kind() != Token.Kind.BLOCK_END) {
                    if (!first) {
                        tokens.expectOperator(",");
                    }
                    first = false;
                    out.add(new Statement.Output(line, expressions.expression(true)));
                }
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw tokens.failure("'" + tag.text() + "' outside of a loop");
                }
                out.add(tag.text().equals("break") ? new Statement.Break(line) : new Statement.Continue(line));
            }
            case "include", "import", "from", "extends", "autoescape" ->
                throw new JinjaException("the tag '" + tag.text() + "' is not supported: a chat template stands alone")
                        .at(line);
            default -> throw new JinjaException("unknown tag '" + tag.text() + "'").at(line);
        }
    }

    private Statement conditional(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        while (true) {
            Expression test = expressions.tuple(false);
            branches.add(new Statement.Branch(test, blockBody("elif", "else", "endif")));
            Token end = tokens.next();
            if (end.isName("elif")) {
                continue;
            }
            if (end.isName("else")) {
                otherwise = closedBody("endif");
            }
            return new Statement.If(line, branches, otherwise);
        }
    }

    private Statement loop(int line) {
        Target target = target(false, "in");
        tokens.expectName("in");
        Expression values = expressions.tuple(false, "recursive");
        Optional<Expression> test = Optional.empty();
        if (tokens.skipName("if")) {
            test = Optional.of(expressions.expression(true));
        }
        boolean recursive = tokens.skipName("recursive");
        loops++;
        List<Statement> body = blockBody("endfor", "else");
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.next().isName("else")) {
            otherwise = closedBody("endfor");
        }
        return new Statement.For(line, target, values, test, recursive, body, otherwise);
    }

    private Statement assignment(int line) {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Set(line, target, expressions.tuple(true));
        }
        Expression result = expressions.filters(new Expression.Captured(line), false);
        return new Statement.SetBlock(line, target, result, closedBody("endset"));
    }

    private Statement macro(int line, String name) {
        List<Parameter> parameters = parameters();
        return functionBody(
                name, parameters, line, "endmacro", (signature, body) -> new Statement.Macro(line, signature, body));
    }

    private Statement callBlock(int line) {
        List<Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression(true) instanceof Expression.Call call)) {
            throw new JinjaException("a call block needs a call, such as {% call name() %}").at(line);
        }
        return functionBody(
                "caller",
                parameters,
                line,
                "endcall",
                (signature, body) -> new Statement.CallBlock(line, signature, call, body));
    }

    private interface FunctionMaker {
        Statement make(Signature signature, List<Statement> body);
    }

    private Statement functionBody(String name, List<Parameter> parameters, int line, String end, FunctionMaker maker) {
        Set<String> outer = expressions.beginFunction();
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = closedBody(end);
        loops = outerLoops;
        Set<String> used = expressions.endFunction(outer);
        Signature signature = new Signature(
                name, parameters, used.contains("varargs"), used.contains("kwargs"), used.contains("caller"), line);
        return maker.make(signature, body);
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        boolean fallbacks = false;
        while (!tokens.current().isOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = nameTarget();
            Optional<Expression> fallback = Optional.empty();
            if (tokens.skipOperator("=")) {
                fallback = Optional.of(expressions.expression(true));
                fallbacks = true;
            } else if (fallbacks) {
                throw tokens.failure("a parameter without default follows one with a default");
            }
            parameters.add(new Parameter(name, fallback));
        }
        tokens.next();
        return parameters;
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression(true));
        }
        return new Statement.With(line, targets, values, closedBody("endwith"));
    }

    private Statement block(int line) {
        String name = tokens.expect(Token.Kind.NAME).text();
        boolean scoped = tokens.skipName("scoped");
        tokens.skipName("required");
        int outerLoops = loops;
        loops = 0;
        List<Statement> body = closedBody("endblock");
        loops = outerLoops;
        tokens.skipName(name);
        return new Statement.Block(line, scoped, body);
    }

    private String nameTarget() {
        Token token = tokens.expect(Token.Kind.NAME);
        if (CONSTANTS.contains(token.text())) {
            throw tokens.failure("cannot assign to " + token.text());
        }
        return token.text();
    }

    private Target target(boolean namespaces, String... ends) {
        List<Target> targets = new ArrayList<>();
        boolean tuple = false;
        while (true) {
            if (tuple && (expressions.tupleEnds(ends) || tokens.current().isOperator("="))) {
                break;
            }
            targets.add(singleTarget(namespaces));
            if (!tokens.skipOperator(",")) {
                break;
            }
            tuple = true;
        }
        return tuple ? new TupleTarget(targets) : targets.getFirst();
    }

    private Target singleTarget(boolean namespaces) {
        if (tokens.skipOperator("(")) {
            if (++nesting > NESTING) {
                throw tokens.failure("targets are nested too deeply");
            }
            Target inner = target(namespaces, ")");
            nesting--;
            tokens.expectOperator(")");
            return inner;
        }
        if (tokens.current().kind() != Token.Kind.NAME) {
            throw tokens.failure("cannot assign to " + tokens.current().describe());
        }
        String name = nameTarget();
        if (namespaces && tokens.skipOperator(".")) {
            return new NamespaceTarget(name, tokens.expect(Token.Kind.NAME).text());
        }
        return new NameTarget(name);
    }
}
