package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** A trace as lines of text: its prompt, its steps, its answer. */
final class TracePicture {
    private TracePicture() {}

    /** The prompt's tokens with their ids. */
    static List<String> prompt(Trace trace, Canvas canvas) {
        List<String> lines =
                new ArrayList<>(PromptPicture.lines("prompt", trace.prompt(), OptionalInt.empty(), canvas));
        int count = trace.prompt().size();
        lines.add(canvas.paint(Role.FAINT, "       " + (count == 1 ? "1 token" : Numbers.whole(count) + " tokens")));
        return lines;
    }

    /** One step, and the chain of stages where it is the first or another than before. */
    static List<String> step(Trace trace, int index, int most, TokenNames names, Canvas canvas) {
        Trace.Step step = trace.steps().get(index);
        List<String> lines = new ArrayList<>();
        if (index == 0) {
            lines.addAll(ChainPicture.lines(step.sampling().stages(), canvas));
            lines.add("");
        }
        lines.addAll(StepPicture.lines(step, index + 1, trace.model().context(), most, names, canvas));
        return lines;
    }

    /** The tokens that were picked, and why it ended. */
    static List<String> answer(Trace trace, Canvas canvas) {
        List<Trace.Token> tokens = trace.steps().stream().map(Trace.Step::token).toList();
        List<String> lines = new ArrayList<>(PromptPicture.lines("answer", tokens, OptionalInt.empty(), canvas));
        lines.add(canvas.paint(
                Role.FAINT,
                String.format(
                        Locale.ROOT,
                        "       %s tokens, %.1f tokens/s, %s",
                        Numbers.whole(tokens.size()),
                        trace.timings().generationRate(),
                        finish(trace.finish()))));
        return lines;
    }

    static String finish(FinishReason reason) {
        return switch (reason) {
            case END_OF_GENERATION -> "ended by the model";
            case STOP_STRING -> "ended by a stop text";
            case MAX_TOKENS -> "stopped after as many as were asked for";
            case CONTEXT_FULL -> "stopped by the full context";
            case CANCELLED -> "stopped";
        };
    }
}
