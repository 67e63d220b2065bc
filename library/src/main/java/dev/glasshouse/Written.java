package dev.glasshouse;

import dev.glasshouse.chat.ReasoningSplitter;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.GenerationListener;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.engine.TokenEvent;
import dev.glasshouse.engine.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An answer as it grows: usually in one generation, in several where the context fills up meanwhile. */
final class Written {
    private final AskOptions options;
    private final Optional<ReasoningSplitter> splitter;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Integer> ids = new ArrayList<>();
    private Timings timings = new Timings(0, 0, 0, 0, 0, 0);
    private Optional<Trace> trace = Optional.empty();

    /** @param prompt the text the model reads, where it may reason before it answers */
    Written(AskOptions options, Optional<String> prompt) {
        this.options = options;
        this.splitter = prompt.map(ReasoningSplitter::after);
    }

    /** The ids written so far. */
    int[] ids() {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Goes on from a prompt that holds what is written so far. */
    FinishReason continueFrom(Model model, int[] prompt, Consumer<? super Event> listener) {
        AskOptions rest = options.maxTokens().isPresent()
                ? options.withMaxTokens(options.maxTokens().getAsInt() - ids.size())
                : options;
        Generation generation = model.generate(prompt, rest, new Hearing(listener));
        ids.addAll(generation.ids());
        timings = add(timings, generation.timings());
        trace = generation.trace();
        return generation.finish();
    }

    Answer answer(FinishReason finish, Consumer<? super Event> listener) {
        splitter.ifPresent(held -> held.finish().forEach(segment -> {
            keep(segment);
            listener.accept(new Event.Text(segment.text(), segment.reasoning()));
        }));
        return new Answer(text.toString(), reasoning.toString(), finish, timings, trace);
    }

    private void keep(ReasoningSplitter.Segment segment) {
        (segment.reasoning() ? reasoning : text).append(segment.text());
    }

    private static Timings add(Timings a, Timings b) {
        return new Timings(
                b.promptTokens(),
                a.reusedTokens() + b.reusedTokens(),
                a.promptNanos() + b.promptNanos(),
                a.generatedTokens() + b.generatedTokens(),
                a.generationNanos() + b.generationNanos(),
                a.waitNanos() + b.waitNanos());
    }

    private final class Hearing implements GenerationListener {
        private final Consumer<? super Event> listener;

        Hearing(Consumer<? super Event> listener) {
            this.listener = listener;
        }

        @Override
        public void prompt(int done, int total, int reused) {
            listener.accept(new Event.PromptRead(done, total, reused));
        }

        @Override
        public void token(TokenEvent token) {
            listener.accept(new Event.Token(token));
        }

        @Override
        public void text(String delta) {
            List<ReasoningSplitter.Segment> segments = splitter.isPresent()
                    ? splitter.get().accept(delta)
                    : List.of(new ReasoningSplitter.Segment(delta, false));
            for (ReasoningSplitter.Segment segment : segments) {
                keep(segment);
                listener.accept(new Event.Text(segment.text(), segment.reasoning()));
            }
        }
    }
}
