package dev.glasshouse.cli;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.OptimizerConfig;
import dev.glasshouse.training.TrainingConfig;
import dev.glasshouse.training.TrainingPlan;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a training will do and take, in lines for people. */
final class PlanText {
    private PlanText() {}

    static List<String> lines(TrainingPlan plan, DataSet data, int threads) {
        TrainingConfig config = plan.config();
        ModelPlan model = config.model();
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "text",
                ProgressBar.bytes(data.bytes(Split.TRAIN)) + " to learn from, "
                        + ProgressBar.bytes(data.bytes(Split.VALIDATION)) + " kept for validation"));
        lines.add(line(
                "tokens",
                Numbers.whole(data.tokens(Split.TRAIN)) + " of a vocabulary of " + Numbers.whole(model.vocabulary())));
        lines.add(line(
                "model",
                model.architecture() + ", " + model.layers() + " layers of width " + model.width() + ", "
                        + model.heads() + " heads: " + Numbers.parameters(plan.parameters()) + " parameters"));
        lines.add(line(
                "training",
                String.format(
                        Locale.ROOT,
                        "%,d steps of %,d tokens, %.1f times through the text",
                        config.steps(),
                        config.tokensPerStep(),
                        plan.epochs())));
        boolean muon = config.optimizer().method() == OptimizerConfig.Method.MUON;
        lines.add(line(
                "optimiser",
                (muon ? "Muon and AdamW" : "AdamW") + ", rate "
                        + (muon ? config.optimizer().muonRate() + " and " : "")
                        + shown(config.optimizer().rate()) + ", "
                        + config.schedule().kind().word() + ", seed " + config.seed()));
        lines.add(line(
                "time",
                "about " + ProgressBar.duration(plan.seconds()) + " on " + threads
                        + (threads == 1 ? " thread, " : " threads, ")
                        + String.format(Locale.ROOT, "%,.0f tokens/s", plan.tokensPerSecond())));
        lines.add(line(
                "memory",
                ProgressBar.bytes(plan.memory() + plan.heap()) + ", on disk at most "
                        + ProgressBar.bytes(plan.disk())));
        return lines;
    }

    private static String shown(double rate) {
        return String.format(Locale.ROOT, "%.4f", rate).replaceAll("0+$", "");
    }

    private static String line(String name, String text) {
        return "  " + Columns.fit(name, 11, "") + text;
    }
}
