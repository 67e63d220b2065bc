package dev.glasshouse.engine;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.Network;
import dev.glasshouse.network.Output;
import dev.glasshouse.sampling.DryBreakers;
import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * What all work of an engine shares. The network, the kernels and the pool of sequences are used in turn only, one turn a token
 * or a chunk of a prompt; listeners and sampler chains run outside of turns.
 */
final class Core {
    private static final SecureRandom SEEDS = new SecureRandom();

    final Tokenizer tokenizer;
    final Network network;
    final EngineOptions options;
    final EngineFacts facts;
    final SequencePool pool;
    final Turns turns = new Turns(1);

    /** One for each sequence of the pool: who has none waits here, outside of turns. */
    final Turns seats;

    /** One: background work holds memory beside the pool, so one piece of it at a time. */
    final Turns desk = new Turns(1);

    final Occupancy occupancy;
    private List<String> breakerTexts = List.of();
    private DryBreakers breakers = DryBreakers.NONE;

    Core(Tokenizer tokenizer, Kernels kernels, Network network, EngineOptions options, EngineFacts facts) {
        this.tokenizer = tokenizer;
        this.network = network;
        this.options = options;
        this.facts = facts;
        pool = new SequencePool(options.sequences(), this::newSequence);
        seats = new Turns(options.sequences());
        occupancy = new Occupancy(() -> {
            pool.close();
            network.close();
            kernels.close();
        });
    }

    /** An empty sequence; in turn. */
    Sequence newSequence() {
        return new Sequence(network, network.newState(options.kv(), facts.context()));
    }

    int vocabulary() {
        return facts.spec().vocabulary();
    }

    /** Works in turn; empty if cancelled before, or the engine closes. */
    <T> Optional<T> turn(Turns.Kind kind, Cancellation cancellation, Supplier<T> work) {
        // A free place is given at once, so that who never waits would never hear of it there.
        if (cancellation.cancelled() || !turns.take(kind, cancellation)) {
            return Optional.empty();
        }
        try {
            return occupancy.ending() ? Optional.empty() : Optional.of(work.get());
        } finally {
            turns.give();
        }
    }

    /**
     * A piece of background work of several turns, one piece at a time.
     *
     * @throws CancellationException if cancelled, or the engine closes
     */
    <T> T background(Cancellation cancellation, Supplier<T> work) {
        occupancy.enter();
        try {
            if (!desk.take(Turns.Kind.STREAM, cancellation)) {
                throw cancelled();
            }
            try {
                return work.get();
            } finally {
                desk.give();
            }
        } finally {
            occupancy.leave();
        }
    }

    /** A question to the pool, in turn. */
    <T> T apart(Supplier<T> work) {
        occupancy.enter();
        try {
            turns.takeSurely(Turns.Kind.STREAM);
            try {
                return work.get();
            } finally {
                turns.give();
            }
        } finally {
            occupancy.leave();
        }
    }

    static CancellationException cancelled() {
        return new CancellationException("It was cancelled.");
    }

    /** Frees a sequence of background work, in turn. */
    void discard(Sequence sequence) {
        turns.takeSurely(Turns.Kind.BACKGROUND);
        try {
            sequence.close();
        } finally {
            turns.give();
        }
    }

    /** Copies a row of logits; tokens that the network has and the tokenizer has not can never be picked. */
    void read(Output output, int row, float[] logits) {
        Rows.copy(output.logits(), row, logits);
        mask(logits);
    }

    void mask(float[] logits) {
        if (tokenizer.size() < logits.length) {
            Arrays.fill(logits, tokenizer.size(), logits.length, Float.NEGATIVE_INFINITY);
        }
    }

    void check(String what, int[] ids) {
        if (ids.length == 0) {
            throw new GlassException(what + " has no tokens.");
        }
        if (ids.length > facts.context()) {
            throw new ContextFullException(what, ids.length, facts.context());
        }
        for (int id : ids) {
            check(what, id);
        }
    }

    void check(String what, int id) {
        int size = Math.min(vocabulary(), tokenizer.size());
        if (id < 0 || id >= size) {
            throw new GlassException(what + " has the id " + id + ", which is outside the vocabulary of " + size + ".");
        }
    }

    /** A random seed is chosen here, so that the trace knows it. */
    static SamplerSettings seeded(SamplerSettings settings) {
        if (settings.get(Parameter.SEED) >= 0) {
            return settings;
        }
        Origin origin = settings.setting(Parameter.SEED).origin();
        return settings.with(Parameter.SEED, Integer.toUnsignedLong(SEEDS.nextInt()), origin);
    }

    /** A chain that knows a history. */
    SamplerChain chain(SamplerSettings settings, int[] history) {
        SamplerChain chain = SamplerChain.of(settings, vocabulary(), breakers(settings));
        for (int id : history) {
            chain.accept(id);
        }
        return chain;
    }

    private synchronized DryBreakers breakers(SamplerSettings settings) {
        List<String> texts = settings.get(Parameter.DRY_BREAKERS);
        if (settings.get(Parameter.DRY_MULTIPLIER) == 0) {
            return DryBreakers.NONE;
        }
        if (!texts.equals(breakerTexts)) {
            breakers = DryBreakers.of(texts, tokenizer.size(), tokenizer::bytes, text -> tokenizer.encode(text, false));
            breakerTexts = texts;
        }
        return breakers;
    }

    Trace.Token token(int id) {
        return new Trace.Token(id, tokenizer.bytes(id), tokenizer.kind(id) == TokenKind.CONTROL);
    }
}
