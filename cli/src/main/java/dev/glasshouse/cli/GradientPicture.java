package dev.glasshouse.cli;

import dev.glasshouse.training.GradientCheck;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a check of gradients found, tensor by tensor. */
final class GradientPicture {
    private GradientPicture() {}

    /** @throws GlassException if a gradient is wrong */
    static void print(Console console, List<GradientCheck.Row> rows, String architecture, boolean json) {
        long bad = rows.stream().filter(row -> !row.good()).count();
        if (json) {
            List<Json> all = rows.stream()
                    .map(row -> (Json) Json.object()
                            .put("tensor", row.name())
                            .put("differences", row.differences())
                            .put("training", row.training())
                            .put("good", row.good())
                            .build())
                    .toList();
            console.json(Json.object()
                    .put("architecture", architecture)
                    .put("tensors", all)
                    .put("good", bad == 0)
                    .build());
        } else {
            console.note("The gradients of a tiny " + architecture
                    + " model. DIFFERENCES: a plain double computation against"
                    + " (L(w+h) - L(w-h)) / 2h, in parts of the largest gradient (at most "
                    + GradientCheck.DIFFERENCE_TOLERANCE
                    + "). TRAINING: the gradients that training uses against that (at"
                    + " most " + GradientCheck.TRAINING_TOLERANCE + ").");
            List<List<String>> table = new ArrayList<>();
            table.add(List.of("TENSOR", "DIFFERENCES", "TRAINING", ""));
            for (GradientCheck.Row row : rows) {
                table.add(List.of(
                        row.name(), shown(row.differences()), shown(row.training()), row.good() ? "good" : "WRONG"));
            }
            Table.print(console, table);
        }
        if (bad > 0) {
            throw new GlassException(bad + " of " + rows.size() + " tensors have wrong gradients.");
        }
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
