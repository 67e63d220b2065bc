package dev.glasshouse.training;

import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.network.ModelPlan;
import java.util.List;
import java.util.Locale;

/**
 * A training whose every bit is known: 30 steps of a Llama with grouped heads and dropout under Muon and AdamW, of a GPT-2 and of a
 * Qwen 3, on tokens from a formula. If numbers change anywhere, its hash does.
 */
final class Canary {
    private static final int STEPS = 30;
    private static final int VOCABULARY = 61;

    private Canary() {}

    /** Prints the hash of the last weights and states. Arguments: kernels, threads, micro-batch. */
    public static void main(String[] arguments) {
        KernelChoice choice = KernelChoice.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        try (Kernels kernels = TrainingRun.kernels(choice, Integer.parseInt(arguments[1]))) {
            System.out.println(kernels.name());
            System.out.println(hash(kernels, Integer.parseInt(arguments[2])));
        }
    }

    static String hash(Kernels kernels, int microBatch) {
        String chain = Milestone.ROOT;
        for (ModelPlan plan : List.of(
                new ModelPlan("llama", VOCABULARY, 80, 48, 2, 3, 1, 16, 80, 1e-5, 10_000, true, true),
                new ModelPlan("gpt2", VOCABULARY, 80, 32, 1, 2, 2, 16, 96, 1e-5, 10_000, true, true),
                new ModelPlan("qwen3", VOCABULARY, 80, 40, 1, 4, 2, 8, 72, 1e-6, 1_000_000, false, true))) {
            boolean llama = plan.architecture().equals("llama");
            TrainingConfig config = TrainingConfig.builder(plan)
                    .length(70) // more than a block of 64 keys, and no multiple of a vector
                    .batch(3)
                    .steps(STEPS)
                    .optimizer(llama ? OptimizerConfig.muon(3e-3, 0.02) : OptimizerConfig.adamW(3e-3))
                    .schedule(Schedule.cosine(4))
                    .dropout(llama ? 0.1 : 0)
                    .microBatch(microBatch)
                    .build();
            Formula formula = new Formula(config);
            try (TrainingState state = new TrainingState(config, kernels)) {
                for (int step = 0; step < STEPS; step++) {
                    state.step(step, formula.batch(step));
                }
                chain = Milestone.of(chain, STEPS, state.parameters, state.optimizer)
                        .sha256();
            }
        }
        return chain;
    }
}
