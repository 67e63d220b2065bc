package dev.glasshouse.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The curve of a loss over the steps as text: each column is the mean of its steps, filled from below in eighths of a line. The
 * scale runs from a little below the least to the greatest column.
 */
final class LossPicture {
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";
    private static final int MARGIN = 8;
    /** The least column is drawn as high as this share of the whole: a curve, not a cliff. */
    private static final double GROUND = 0.06;

    private LossPicture() {}

    /**
     * @param losses one a step, from the first
     * @param total steps there will be: the curve grows to the right
     * @param height lines of the curve
     */
    static List<String> lines(double[] losses, long total, int height, Canvas canvas) {
        int columns = Math.min(canvas.width() - MARGIN - 1, 100);
        double[] means = means(losses, total, columns);
        List<String> lines = new ArrayList<>();
        if (means.length == 0) {
            return lines;
        }
        double high = Double.NEGATIVE_INFINITY;
        double low = Double.POSITIVE_INFINITY;
        for (double mean : means) {
            high = Math.max(high, mean);
            low = Math.min(low, mean);
        }
        double span = Math.max(high - low, 1e-6);
        for (int row = height - 1; row >= 0; row--) {
            StringBuilder cells = new StringBuilder();
            for (double mean : means) {
                double share = GROUND + (1 - GROUND) * (mean - low) / span;
                cells.append(cell(share * height - row, canvas));
            }
            String label = row == height - 1 ? number(high) : row == 0 ? number(low) : "";
            lines.add(Columns.right(label, MARGIN - 2)
                    + canvas.glyph(" │", " |")
                    + canvas.paint(Canvas.Role.BAR, cells.toString().stripTrailing()));
        }
        String end = String.format(Locale.ROOT, "step %,d", total);
        lines.add(" ".repeat(MARGIN - 1)
                + canvas.glyph("└", "+")
                + canvas.glyph("─", "-").repeat(columns));
        lines.add(canvas.paint(
                Canvas.Role.FAINT, " ".repeat(MARGIN) + "loss" + Columns.right(end, Math.max(0, columns - 4))));
        return lines;
    }

    private static String cell(double filled, Canvas canvas) {
        if (!canvas.unicode()) {
            return filled >= 1 ? ":" : filled >= 0.25 ? "." : " ";
        }
        return String.valueOf(EIGHTHS.charAt((int) Math.round(Math.clamp(filled, 0, 1) * 8)));
    }

    /** Means of the steps of each column that has begun; a column without a step of its own has the one before. */
    private static double[] means(double[] losses, long total, int columns) {
        if (losses.length == 0) {
            return losses;
        }
        long steps = Math.max(total, losses.length);
        int begun = (int) Math.max(1, losses.length * (long) columns / steps);
        double[] means = new double[begun];
        for (int i = 0; i < begun; i++) {
            int from = (int) Math.min(losses.length - 1, i * steps / columns);
            int to = Math.clamp((i + 1) * steps / columns, from + 1, losses.length);
            for (int k = from; k < to; k++) {
                means[i] += losses[k] / (to - from);
            }
        }
        return means;
    }

    private static String number(double loss) {
        return String.format(Locale.ROOT, "%.2f", loss);
    }
}
