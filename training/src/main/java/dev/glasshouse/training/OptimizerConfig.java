package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;

/**
 * How weights follow from gradients.
 *
 * @param method ADAMW for all tensors, or MUON for the projections of the layers and AdamW for the rest
 * @param rate AdamW's largest learning rate
 * @param beta1 AdamW's, of the mean of gradients
 * @param beta2 AdamW's, of the mean of their squares
 * @param epsilon AdamW's, added to the root
 * @param decay AdamW's weight decay, of tables and projections only
 * @param muonRate Muon's largest learning rate
 * @param muonMomentum Muon's momentum (Nesterov's)
 * @param muonDecay Muon's weight decay
 * @param muonSteps Newton–Schulz steps
 */
public record OptimizerConfig(
        Method method,
        double rate,
        double beta1,
        double beta2,
        double epsilon,
        double decay,
        double muonRate,
        double muonMomentum,
        double muonDecay,
        int muonSteps) {
    /** The optimisers. */
    public enum Method {
        /** Loshchilov and Hutter 2019. */
        ADAMW,
        /** Jordan et al. 2024. */
        MUON
    }

    /** @throws GlassException if a number is impossible */
    public OptimizerConfig {
        fraction("beta1", beta1);
        fraction("beta2", beta2);
        fraction("muonMomentum", muonMomentum);
        notNegative("rate", rate);
        notNegative("epsilon", epsilon);
        if (!((float) epsilon > 0)) {
            // A value without a gradient so far would become 0 / 0.
            throw new GlassException(
                    "The optimiser's epsilon is " + epsilon + "; it must be above 0 in F32, such as 1e-8.");
        }
        notNegative("decay", decay);
        notNegative("muonRate", muonRate);
        notNegative("muonDecay", muonDecay);
        if (muonSteps < 1 || muonSteps > 100) {
            throw new GlassException("The optimiser's muonSteps is " + muonSteps + "; it must be from 1 to 100.");
        }
    }

    /** AdamW with betas 0.9 and 0.95 and a decay of 0.1. */
    public static OptimizerConfig adamW(double rate) {
        return new OptimizerConfig(Method.ADAMW, rate, 0.9, 0.95, 1e-8, 0.1, 0.02, 0.95, 0.1, 5);
    }

    /** Muon with a momentum of 0.95, a decay of 0.1 and 5 steps; AdamW for the rest, without decay. */
    public static OptimizerConfig muon(double rate, double muonRate) {
        return new OptimizerConfig(Method.MUON, rate, 0.9, 0.95, 1e-8, 0, muonRate, 0.95, 0.1, 5);
    }

    private static void fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new GlassException(
                    "The optimiser's " + name + " is " + value + "; it must be from 0 to less than 1.");
        }
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0 && value < 1e6)) {
            throw new GlassException("The optimiser's " + name + " is " + value + "; it must be from 0 to a million.");
        }
    }
}
