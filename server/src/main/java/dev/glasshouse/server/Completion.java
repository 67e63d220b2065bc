package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.chat.ReasoningSplitter;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.GenerationListener;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.TokenEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** One answer for a chat completion, told piece by piece. */
final class Completion implements GenerationListener {
    private final Model model;
    private final Request request;
    private final OptionalInt logprobs;
    private final ReasoningSplitter splitter;
    private final Feed<Piece> feed = new Feed<>();
    private final List<LogProbability> pending = new ArrayList<>();

    /**
     * A piece of the answer.
     *
     * @param text whole characters; may be empty at the end
     * @param logprobs the tokens taken since the last piece
     */
    record Piece(String text, boolean reasoning, List<LogProbability> logprobs) {}

    Completion(Model model, Request request, Prompt prompt, OptionalInt logprobs) {
        this.model = model;
        this.request = request;
        this.logprobs = logprobs;
        this.splitter = ReasoningSplitter.after(prompt.text());
    }

    Feed<Piece> feed() {
        return feed;
    }

    /** Generates, on the calling thread. */
    Generation run(Cancellation cancellation) {
        try {
            Generation generation = model.engine().generate(request.withCancellation(cancellation), this);
            splitter.finish().forEach(this::tell);
            if (!pending.isEmpty()) {
                tell(new ReasoningSplitter.Segment("", false));
            }
            return generation;
        } finally {
            feed.end();
        }
    }

    /** Why it ended, in OpenAI's words. @throws CancellationException if somebody cancelled it */
    static String finish(FinishReason reason, boolean expired) {
        return switch (reason) {
            case END_OF_GENERATION, STOP_STRING -> "stop";
            case MAX_TOKENS, CONTEXT_FULL -> "length";
            case CANCELLED -> {
                if (!expired) {
                    throw new CancellationException("cancelled");
                }
                yield "length";
            }
        };
    }

    @Override
    public void token(TokenEvent event) {
        if (logprobs.isPresent() && !event.end()) {
            pending.add(LogProbability.of(event, logprobs.getAsInt()));
        }
    }

    @Override
    public void text(String delta) {
        splitter.accept(delta).forEach(this::tell);
    }

    private void tell(ReasoningSplitter.Segment segment) {
        feed.tell(new Piece(segment.text(), segment.reasoning(), List.copyOf(pending)));
        pending.clear();
    }
}
