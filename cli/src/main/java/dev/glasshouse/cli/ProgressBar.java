package dev.glasshouse.cli;

import java.util.Locale;

/**
 * One line that shows how far long work has come: {@code label  67% ▕██████    ▏ 6.2 GB/9.3 GB  11 MB/s  4m28s}. On a
 * terminal the line rewrites itself; elsewhere a line appears for each tenth.
 */
final class ProgressBar implements AutoCloseable {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
    private static final long REDRAW_NANOS = 100_000_000L;

    private final Console console;
    private final String label;
    private final long start = System.nanoTime();
    private long first = -1;
    private long lastDrawn;
    private int lastTenth = -1;
    private boolean drawn;

    ProgressBar(Console console, String label) {
        this.console = console;
        this.label = label;
    }

    /** Says that {@code done} of {@code total} bytes are there; the rate counts from the first call. */
    void update(long done, long total) {
        if (first < 0) {
            first = done;
        }
        long now = System.nanoTime();
        boolean last = done >= total;
        double seconds = (now - start) / 1e9;
        double rate = seconds > 0.2 ? (done - first) / seconds : 0;
        if (console.errTerminal()) {
            if (!drawn || last || now - lastDrawn > REDRAW_NANOS) {
                lastDrawn = now;
                drawn = true;
                console.err().print("\r" + line(label, done, total, rate, console.width() - 1) + "\u001b[K");
                console.err().flush();
            }
        } else {
            int tenth = total <= 0 ? 10 : (int) (done * 10 / total);
            if (tenth != lastTenth) {
                lastTenth = tenth;
                console.note(line(label, done, total, rate, 79).stripTrailing());
            }
        }
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (drawn) {
            console.err().println();
        }
    }

    /** The line as text of at most {@code width} columns. */
    static String line(String label, long done, long total, double rate, int width) {
        double share = total <= 0 ? 1 : Math.clamp((double) done / total, 0, 1);
        String numbers = " " + bytes(done) + "/" + bytes(total)
                + (rate > 0 ? "  " + bytes((long) rate) + "/s" : "")
                + (rate > 0 && done < total ? "  " + duration((total - done) / rate) : "");
        String head = String.format(Locale.ROOT, "%s %3d%% ", label, (int) Math.floor(share * 100));
        int room = width - head.length() - numbers.length() - 2;
        if (room < 5) {
            String text = head + numbers.strip();
            return text.length() > width ? text.substring(0, Math.max(0, width)) : text;
        }
        int cells = Math.min(room, 40);
        return head + "▕" + bar(share, cells) + "▏" + numbers;
    }

    /** {@code share} (0…1) of {@code cells} columns, in eighths of a cell. */
    static String bar(double share, int cells) {
        int eighths = (int) Math.round(share * cells * 8);
        StringBuilder text = new StringBuilder("█".repeat(eighths / 8));
        if (eighths % 8 != 0) {
            text.append(EIGHTHS.charAt(eighths % 8));
        }
        return text + " ".repeat(cells - text.length());
    }

    /** A number of bytes for people, in powers of 1,000: "98.4 MB". */
    static String bytes(long count) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = count;
        int unit = 0;
        while (value >= 999.5 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0
                ? count + " B"
                : String.format(
                        Locale.ROOT,
                        value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s",
                        value,
                        units[unit]);
    }

    /** Seconds for people: "42s", "4m28s", "2h05m". */
    static String duration(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole < 60) {
            return whole + "s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%dh%02dm", whole / 3600, whole % 3600 / 60);
    }
}
