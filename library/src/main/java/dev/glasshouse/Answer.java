package dev.glasshouse;

import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.engine.Trace;
import java.util.Optional;

/**
 * What a model wrote.
 *
 * @param text the answer
 * @param reasoning what it thought aloud before, where it does; not part of the text
 * @param finish why it ended
 * @param timings tokens and times
 * @param trace every step, where it was asked for
 */
public record Answer(String text, String reasoning, FinishReason finish, Timings timings, Optional<Trace> trace) {}
