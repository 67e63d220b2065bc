package dev.glasshouse.cli;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * One line that shows how far long work has come: {@code label  67% ▕██████    ▏ 6.2 GB/9.3 GB  11 MB/s  4m28s}. On a
 * terminal the line rewrites itself; elsewhere a line appears for each tenth.
 */
final class ProgressBar implements AutoCloseable {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
    private static final long LATE_NANOS = 500_000_000L;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final Console console;
    private final String label;
    private final long notBefore;
    private long lastDrawn;
    private int lastTenth = -1;
    private boolean drawn;

    ProgressBar(Console console, String label) {
        this(console, label, 0);
    }

    private ProgressBar(Console console, String label, long notBefore) {
        this.console = console;
        this.label = label;
        this.notBefore = notBefore;
    }

    /** A bar that appears only where the work takes longer than half a second, and goes away when it is done. */
    static ProgressBar late(Console console, String label) {
        return new ProgressBar(console, label, System.nanoTime() + LATE_NANOS);
    }

    /** Says that {@code done} of {@code total} bytes are there, at that rate, with so many seconds left. */
    void update(long done, long total, double rate, OptionalLong secondsLeft) {
        long now = System.nanoTime();
        if (notBefore != 0 && (now < notBefore || !console.errTerminal())) {
            return;
        }
        if (console.errTerminal()) {
            if (!drawn || done >= total || now - lastDrawn > REDRAW_NANOS) {
                lastDrawn = now;
                drawn = true;
                console.err()
                        .print("\r" + line(label, done, total, rate, secondsLeft, console.width() - 1) + "\u001b[K");
                console.err().flush();
            }
        } else {
            int tenth = total <= 0 ? 10 : (int) (done * 10 / total);
            if (tenth != lastTenth) {
                lastTenth = tenth;
                console.note(line(label, done, total, rate, secondsLeft, 79).stripTrailing());
            }
        }
    }

    /** Ends the line. */
    @Override
    public void close() {
        if (drawn && notBefore != 0) {
            console.err().print("\r\u001b[K");
        } else if (drawn) {
            console.err().println();
        }
    }

    /** The line as text of at most {@code width} columns. */
    static String line(String label, long done, long total, double rate, OptionalLong secondsLeft, int width) {
        double share = total <= 0 ? 1 : Math.clamp((double) done / total, 0, 1);
        String numbers = " " + bytes(done) + "/" + bytes(total)
                + (rate > 0 ? "  " + bytes((long) rate) + "/s" : "")
                + (secondsLeft.isPresent() && done < total ? "  " + duration((double) secondsLeft.getAsLong()) : "");
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
