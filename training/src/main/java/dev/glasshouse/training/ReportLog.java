package dev.glasshouse.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The lines of a log, sorted for drawing. */
record ReportLog(
        List<TrainingLog.Step> steps, List<TrainingLog.Validation> validations, List<TrainingLog.Sample> samples) {
    /** Steps whose median is the pace at one: evaluations and other work of the machine fall out. */
    private static final int PACE_STEPS = 9;

    static ReportLog of(List<TrainingLog.Entry> entries) {
        ReportLog log = new ReportLog(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (TrainingLog.Entry entry : entries) {
            switch (entry) {
                case TrainingLog.Step step -> log.steps.add(step);
                case TrainingLog.Validation validation -> log.validations.add(validation);
                case TrainingLog.Sample sample -> log.samples.add(sample);
                case TrainingLog.Picture picture -> {
                    // drawn from the traces themselves
                }
            }
        }
        return log;
    }

    /** Tokens a second at each step. */
    double[] pace() {
        double[] each = new double[steps.size()];
        for (int i = 1; i < each.length; i++) {
            double seconds = steps.get(i).seconds() - steps.get(i - 1).seconds();
            double tokens = (double) (steps.get(i).tokens() - steps.get(i - 1).tokens());
            each[i] = seconds > 0 ? tokens / seconds : 0;
        }
        if (each.length > 1) {
            each[0] = each[1];
        }
        double[] pace = new double[each.length];
        for (int i = 0; i < pace.length; i++) {
            double[] near = Arrays.copyOfRange(
                    each, Math.max(0, i - PACE_STEPS / 2), Math.min(each.length, i + PACE_STEPS / 2 + 1));
            Arrays.sort(near);
            pace[i] = near[near.length / 2];
        }
        return pace;
    }
}
