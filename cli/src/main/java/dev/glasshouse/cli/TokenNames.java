package dev.glasshouse.cli;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** What ids stand for, from a tokenizer or from a saved trace. */
final class TokenNames {
    private final IntFunction<Optional<Trace.Token>> tokens;

    private TokenNames(IntFunction<Optional<Trace.Token>> tokens) {
        this.tokens = tokens;
    }

    static TokenNames of(Tokenizer tokenizer) {
        return new TokenNames(id -> id < 0 || id >= tokenizer.size()
                ? Optional.empty()
                : Optional.of(new Trace.Token(id, tokenizer.bytes(id), tokenizer.kind(id) == TokenKind.CONTROL)));
    }

    /** All tokens that the trace knows: its prompt, its picks, its candidates. */
    static TokenNames of(Trace trace) {
        return of(trace.tokens());
    }

    static TokenNames of(List<Trace.Token> tokens) {
        Map<Integer, Trace.Token> known = new HashMap<>();
        tokens.forEach(token -> known.put(token.id(), token));
        return new TokenNames(id -> Optional.ofNullable(known.get(id)));
    }

    Optional<Trace.Token> token(int id) {
        return tokens.apply(id);
    }

    /** The token as people can see it; its number where nobody knows it. */
    String visible(int id, Canvas canvas) {
        return token(id).map(token -> canvas.token(token.bytes())).orElseGet(() -> "#" + id);
    }
}
