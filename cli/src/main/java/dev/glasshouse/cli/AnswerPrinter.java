package dev.glasshouse.cli;

import dev.glasshouse.Answer;
import dev.glasshouse.Event;
import dev.glasshouse.Session;
import dev.glasshouse.SessionListener;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Timings;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Prints an answer as it comes: its text on stdout, reasoning faint on stderr (or not at all), progress of a long prompt
 * and notices on stderr.
 */
final class AnswerPrinter implements Consumer<Event>, SessionListener {
    private static final int LONG_PROMPT = 512;

    private final Console console;
    private final boolean showReasoning;
    private final boolean printText;
    private final WordWrap wrap;
    private boolean progressShown;
    private boolean reasoningOpen;
    private boolean lineOpen;
    private int tokens;

    /** @param printText whether the answer's text is printed */
    AnswerPrinter(Console console, boolean showReasoning, boolean printText) {
        this.console = console;
        this.showReasoning = showReasoning;
        this.printText = printText;
        this.wrap = new WordWrap(console.outTerminal() ? console.width() : 0);
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.PromptRead read -> progress(read);
            case Event.TurnsDropped dropped -> {
                endProgress();
                console.note(console.faint("The context is full: dropped the oldest "
                        + (dropped.turns() == 1 ? "turn" : dropped.turns() + " turns")
                        + " and reading the rest again."));
            }
            case Event.Token token -> {
                tokens++;
                endProgress();
            }
            case Event.Text text -> print(text);
        }
    }

    private void progress(Event.PromptRead read) {
        if (console.errTerminal() && read.total() - read.reused() >= LONG_PROMPT) {
            progressShown = true;
            double share = (double) read.done() / Math.max(1, read.total());
            console.err()
                    .print(String.format(
                            Locale.ROOT,
                            "\rreading ▕%s▏ %,d/%,d tokens\u001b[K",
                            ProgressBar.bar(share, 24),
                            read.done(),
                            read.total()));
            console.err().flush();
        }
    }

    private void endProgress() {
        if (progressShown) {
            console.err().print("\r\u001b[K");
            console.err().flush();
            progressShown = false;
        }
    }

    private void print(Event.Text piece) {
        if (piece.text().isEmpty() || !printText) {
            return;
        }
        if (piece.reasoning()) {
            if (showReasoning) {
                reasoningOpen = true;
                console.err().print(console.faint(piece.text()));
                console.err().flush();
            } else if (!reasoningOpen && console.errTerminal()) {
                reasoningOpen = true;
                console.err().print(console.faint("thinking… "));
                console.err().flush();
            }
            return;
        }
        endReasoning();
        console.out().print(wrap.accept(piece.text()));
        console.out().flush();
        lineOpen = !piece.text().endsWith("\n");
    }

    private void endReasoning() {
        if (reasoningOpen) {
            console.err().print(showReasoning ? "\n\n" : "\r\u001b[K");
            console.err().flush();
            reasoningOpen = false;
        }
    }

    /** Tokens heard so far. */
    int tokens() {
        return tokens;
    }

    @Override
    public void prompt(int done, int total, int reused) {
        progress(new Event.PromptRead(done, total, reused));
    }

    @Override
    public void step(Session.Node node) {
        endProgress();
    }

    @Override
    public void text(String delta, boolean reasoning) {
        print(new Event.Text(delta, reasoning));
    }

    /** Ends the answer's last line and says what a person should know about how it ended. */
    void finish(Answer answer, boolean verbose) {
        finish(answer.finish(), answer.timings(), verbose);
    }

    /** Ends the answer's last line. */
    void end() {
        endProgress();
        endReasoning();
        console.out().print(wrap.finish());
        if (lineOpen) {
            console.out().println();
        }
    }

    void finish(FinishReason reason, Timings timings, boolean verbose) {
        end();
        switch (reason) {
            case MAX_TOKENS ->
                console.note(console.faint("(stopped after --max-tokens " + timings.generatedTokens() + ")"));
            case CONTEXT_FULL ->
                console.note("The context is full, the answer ends here. Start with a larger --context.");
            case CANCELLED -> console.note(console.faint("(stopped)"));
            case END_OF_GENERATION, STOP_STRING -> {}
        }
        if (verbose) {
            console.note(console.faint(timings(timings)));
        }
    }

    static String timings(Timings timings) {
        return String.format(
                Locale.ROOT,
                "prompt  %,d tokens (%,d from the cache), %.2f s, %.1f tokens/s%nanswer  %,d tokens, %.2f s, %.1f tokens/s",
                timings.promptTokens(),
                timings.reusedTokens(),
                timings.promptNanos() / 1e9,
                timings.promptRate(),
                timings.generatedTokens(),
                timings.generationNanos() / 1e9,
                timings.generationRate());
    }
}
