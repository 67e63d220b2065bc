package dev.glasshouse;

import dev.glasshouse.chat.ReasoningSplitter;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.GenerationListener;
import dev.glasshouse.engine.Run;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.SamplerSettings;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A run of a session, with what it needs to go on at its last token. */
final class SessionRun {
    private final Nodes nodes;
    private final int number;
    private final Run run;
    private final SamplerSettings settings;
    private final List<String> stops;
    private final boolean ignoreEnd;
    private final Optional<String> prompt;
    private final Optional<ReasoningSplitter> splitter;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private int head;

    /**
     * A run from a node.
     *
     * @param settings as asked for, before a random seed is chosen
     * @param prompt the end of the text before it, where the model may reason
     */
    SessionRun(
            Nodes nodes,
            int number,
            Run run,
            int from,
            SamplerSettings settings,
            AskOptions options,
            Optional<String> prompt) {
        this.nodes = nodes;
        this.number = number;
        this.run = run;
        this.settings = settings;
        this.prompt = prompt;
        head = from;
        stops = options.stops();
        ignoreEnd = options.ignoreEnd();
        splitter = prompt.map(ReasoningSplitter::after);
    }

    Run run() {
        return run;
    }

    int head() {
        return head;
    }

    /** Whether a generation from this node with these settings is this one going on. */
    boolean goesOn(int from, SamplerSettings asked, AskOptions options) {
        return head == from
                && run.finish().isEmpty()
                && settings.equals(asked)
                && stops.equals(options.stops())
                && ignoreEnd == options.ignoreEnd();
    }

    /** Adds a token that the run made. */
    Session.Node add(int index, Trace.Step step) {
        Session.Node node = nodes.add(
                head,
                step.token(),
                Optional.of(step.sampling().by()),
                Optional.of(step),
                OptionalInt.of(number),
                index);
        head = node.number();
        return node;
    }

    Session.Result generate(int most, SessionListener listener, Cancellation cancellation) {
        Timings before = run.timings();
        int textBefore = text.length();
        int reasoningBefore = reasoning.length();
        FinishReason finish = run.advance(most, new Hearing(listener), cancellation);
        if (run.finish().isPresent() && splitter.isPresent()) {
            splitter.get().finish().forEach(segment -> tell(segment, listener));
        }
        StringBuilder allText = new StringBuilder();
        StringBuilder allReasoning = new StringBuilder();
        split(run.text(), allText, allReasoning);
        return new Session.Result(
                head,
                finish,
                run.stop(),
                since(before, run.timings()),
                rest(allText, textBefore),
                rest(allReasoning, reasoningBefore));
    }

    private void split(String whole, StringBuilder answer, StringBuilder thoughts) {
        if (prompt.isEmpty()) {
            answer.append(whole);
            return;
        }
        ReasoningSplitter again = ReasoningSplitter.after(prompt.get());
        again.accept(whole).forEach(each -> (each.reasoning() ? thoughts : answer).append(each.text()));
        again.finish().forEach(each -> (each.reasoning() ? thoughts : answer).append(each.text()));
    }

    private static String rest(StringBuilder whole, int from) {
        return whole.substring(Math.min(from, whole.length()));
    }

    private static Timings since(Timings before, Timings now) {
        return new Timings(
                now.promptTokens(),
                now.reusedTokens(),
                now.promptNanos() - before.promptNanos(),
                now.generatedTokens() - before.generatedTokens(),
                now.generationNanos() - before.generationNanos(),
                now.waitNanos() - before.waitNanos());
    }

    private void tell(ReasoningSplitter.Segment segment, SessionListener listener) {
        (segment.reasoning() ? reasoning : text).append(segment.text());
        listener.text(segment.text(), segment.reasoning());
    }

    private final class Hearing implements GenerationListener {
        private final SessionListener listener;

        Hearing(SessionListener listener) {
            this.listener = listener;
        }

        @Override
        public void prompt(int done, int total, int reused) {
            listener.prompt(done, total, reused);
        }

        @Override
        public void step(int index, Trace.Step step) {
            listener.step(add(index, step));
        }

        @Override
        public void text(String delta) {
            if (splitter.isPresent()) {
                splitter.get().accept(delta).forEach(segment -> tell(segment, listener));
            } else {
                tell(new ReasoningSplitter.Segment(delta, false), listener);
            }
        }
    }
}
