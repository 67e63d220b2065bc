package dev.glasshouse.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A chart over the steps as HTML: curves in an SVG that stretches with its box, labels as text beside it, so that letters keep
 * their size on every screen.
 */
final class ReportChart {
    private static final int MOST_POINTS = 600;
    /** A range wider than this is drawn on a logarithmic scale. */
    private static final double WIDE = 6;

    /** Points of one curve, and how it is drawn: a class of the style sheet. */
    record Curve(String style, String name, double[] x, double[] y) {
        Curve {
            x = x.clone();
            y = y.clone();
        }
    }

    private final String title;
    private final String unit;
    private final List<Curve> curves;
    private final boolean fromZero;

    /** @param fromZero whether the vertical axis begins at 0: for what is an amount */
    ReportChart(String title, String unit, List<Curve> curves, boolean fromZero) {
        this.title = title;
        this.unit = unit;
        this.curves = curves.stream().filter(curve -> curve.x().length > 0).toList();
        this.fromZero = fromZero;
    }

    /** The figure; empty where there is nothing to draw. */
    String html() {
        if (curves.isEmpty()) {
            return "";
        }
        double most = all(true).max().orElse(1);
        double right = Math.max(most, 1);
        double high = all(false).max().orElse(1);
        double low = fromZero ? 0 : all(false).min().orElse(0);
        boolean logarithmic = !fromZero && low > 0 && high / low > WIDE;
        if (high <= low) {
            high = low + Math.max(1e-9, Math.abs(low) * 0.1);
        }
        if (!logarithmic) {
            double margin = (high - low) * 0.05;
            high += margin;
            low = fromZero ? 0 : low - margin;
        }
        StringBuilder out = new StringBuilder("<figure class=\"chart\"><figcaption><b>" + ReportPage.text(title)
                + "</b> <span class=\"muted\">" + ReportPage.text(unit) + (logarithmic ? ", logarithmic" : "")
                + "</span>"
                + legend() + "</figcaption><div class=\"plot\" role=\"img\" aria-label=\"" + ReportPage.text(spoken())
                + "\">");
        StringBuilder lines = new StringBuilder();
        for (double tick : logarithmic ? decades(low, high) : ticks(low, high)) {
            double at = place(tick, low, high, logarithmic);
            out.append(String.format(Locale.ROOT, "<span class=\"y\" style=\"top:%.2f%%\">", at))
                    .append(number(tick))
                    .append("</span>");
            lines.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M0 %.2fH1000\"/>", at * 10));
        }
        for (double tick : ticks(0, right)) {
            if (tick == Math.rint(tick)) {
                out.append(String.format(Locale.ROOT, "<span class=\"x\" style=\"left:%.2f%%\">", tick / right * 100))
                        .append(number(tick))
                        .append("</span>");
            }
        }
        out.append("<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
                .append(lines);
        for (Curve curve : curves) {
            out.append("<path class=\"").append(curve.style()).append("\" d=\"");
            double[][] points = thinned(curve);
            for (int i = 0; i < points[0].length; i++) {
                out.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        i == 0 ? "M" : "L",
                        points[0][i] / right * 1000,
                        place(points[1][i], low, high, logarithmic) * 10));
            }
            out.append("\"/>");
        }
        return out + "</svg></div></figure>\n";
    }

    private DoubleStream all(boolean x) {
        return curves.stream().flatMapToDouble(curve -> DoubleStream.of(x ? curve.x() : curve.y()));
    }

    private String legend() {
        StringBuilder out = new StringBuilder();
        for (Curve curve : curves) {
            if (!curve.name().isEmpty()) {
                out.append(" <span class=\"key\"><svg viewBox=\"0 0 20 8\" aria-hidden=\"true\"><path class=\"")
                        .append(curve.style())
                        .append("\" d=\"M0 4H20\"/></svg>")
                        .append(ReportPage.text(curve.name()))
                        .append("</span>");
            }
        }
        return out.toString();
    }

    /** What the picture shows, for those who do not see it. */
    private String spoken() {
        StringBuilder out = new StringBuilder(title);
        String before = ": ";
        for (Curve curve : curves) {
            int last = curve.y().length - 1;
            if (!curve.name().isEmpty() || curves.size() == 1) {
                out.append(before)
                        .append(curve.name())
                        .append(curve.name().isEmpty() ? "" : " ")
                        .append(number(curve.y()[0]))
                        .append(last == 0 ? "" : " to " + number(curve.y()[last]));
                before = "; ";
            }
        }
        return out.toString();
    }

    /** Percent from the top. */
    private static double place(double value, double low, double high, boolean logarithmic) {
        double share = logarithmic
                ? (StrictMath.log(value) - StrictMath.log(low)) / (StrictMath.log(high) - StrictMath.log(low))
                : (value - low) / (high - low);
        return (1 - Math.clamp(share, 0, 1)) * 100;
    }

    /** At most as many points as a screen can show: means of equal pieces. */
    private static double[][] thinned(Curve curve) {
        int n = curve.x().length;
        int points = Math.min(n, MOST_POINTS);
        double[][] out = new double[2][points];
        for (int i = 0; i < points; i++) {
            int from = (int) ((long) i * n / points);
            int to = (int) ((long) (i + 1) * n / points);
            for (int k = from; k < to; k++) {
                out[0][i] += curve.x()[k] / (to - from);
                out[1][i] += curve.y()[k] / (to - from);
            }
        }
        return out;
    }

    /** Round values, three to six of them. */
    static List<Double> ticks(double low, double high) {
        double rough = (high - low) / 4;
        double power = StrictMath.pow(10, Math.floor(StrictMath.log10(rough)));
        double unit = rough / power;
        double step = (unit < 1.5 ? 1 : unit < 3 ? 2 : unit < 7 ? 5 : 10) * power;
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-9); i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** 1, 2 and 5 of each power of ten. */
    static List<Double> decades(double low, double high) {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(StrictMath.log10(low)); power <= StrictMath.log10(high); power++) {
            for (int digit : new int[] {1, 2, 5}) {
                double tick = digit * StrictMath.pow(10, power);
                if (tick >= low && tick <= high) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    /** A number as short as it says enough: "0.0003", "1.25", "12k", "1.5M". */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 999_500) {
            return trimmed(String.format(Locale.ROOT, "%.2f", value / 1e6)) + "M";
        }
        if (size >= 9_995) {
            return trimmed(String.format(Locale.ROOT, "%.1f", value / 1e3)) + "k";
        }
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        if (size >= 0.001 || size == 0) {
            return trimmed(String.format(Locale.ROOT, size >= 1 ? "%.3f" : "%.5f", value));
        }
        return String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-").replace(".0e", "e");
    }

    private static String trimmed(String digits) {
        return digits.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
