package dev.glasshouse.sampling;

import java.util.List;
import java.util.Map;

/**
 * What one stage did in one step.
 *
 * @param name the stage
 * @param parameters the values it ran with
 * @param active whether it could change anything with them
 * @param kept candidates left with a probability above none (masked ones are not)
 * @param cutMass probability, before the stage, of what it dropped or masked
 * @param top the likeliest after it, by falling probability, at most as many as asked for
 * @param tail probability of all others left; top and tail add up to 1
 */
public record StageRecord(
        String name,
        Map<String, Object> parameters,
        boolean active,
        int kept,
        double cutMass,
        List<Candidate> top,
        double tail) {}
