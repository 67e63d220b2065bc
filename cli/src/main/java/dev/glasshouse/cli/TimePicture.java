package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.network.PassTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** Where the time of one token's pass through the network went: the parts, and a small bar for each layer. */
final class TimePicture {
    private static final String MARGIN = "       ";
    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final int BAR = 24;

    private TimePicture() {}

    static List<String> lines(PassTimes times, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        lines.add(canvas.paint(Role.STRONG, "time") + "   "
                + canvas.paint(
                        Role.FAINT,
                        String.format(
                                Locale.ROOT, "one token through the network, %.2f ms", times.totalNanos() / 1e6)));
        long attention = Arrays.stream(times.attentionNanos()).sum();
        long mlp = Arrays.stream(times.mlpNanos()).sum();
        lines.add(part("embedding", times.embeddingNanos(), times, canvas));
        lines.add(part("attention", attention, times, canvas));
        lines.add(part("MLP", mlp, times, canvas));
        lines.add(part("head", times.headNanos(), times, canvas));
        if (canvas.unicode()) {
            lines.add(canvas.paint(Role.FAINT, MARGIN + Columns.fit("layers", 12, "")) + layers(times, canvas));
        }
        return lines;
    }

    private static String part(String name, long nanos, PassTimes times, Canvas canvas) {
        double share = times.totalNanos() <= 0 ? 0 : (double) nanos / times.totalNanos();
        return (MARGIN + Columns.fit(name, 12, "") + String.format(Locale.ROOT, "%8.2f ms  ", nanos / 1e6)
                        + Columns.right(Canvas.percent(share), 6) + "  "
                        + canvas.paint(Role.BAR, canvas.bar(share, BAR).stripTrailing()))
                .stripTrailing();
    }

    /** The time of each layer, from 1 on, as the height of a bar; the slowest is full. */
    private static String layers(PassTimes times, Canvas canvas) {
        int count = Math.min(times.attentionNanos().length, canvas.width() - MARGIN.length() - 12);
        long[] sums = new long[count];
        Arrays.setAll(sums, i -> times.attentionNanos()[i] + times.mlpNanos()[i]);
        long most = Math.max(1, LongStream.of(sums).max().orElse(1));
        StringBuilder text = new StringBuilder();
        for (long sum : sums) {
            text.append(LEVELS.charAt((int) Math.min(LEVELS.length() - 1, sum * LEVELS.length() / most)));
        }
        return canvas.paint(Role.BAR, text.toString());
    }
}
