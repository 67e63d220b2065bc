package dev.glasshouse.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** {@code strftime} in the C locale, without time zones. */
final class TimeFormat {
    private TimeFormat() {}

    static String format(LocalDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char code = format.charAt(++i);
            boolean unpadded = code == '-' && i + 1 < format.length();
            if (unpadded) {
                code = format.charAt(++i);
            }
            String part = part(time, code);
            out.append(unpadded ? withoutPadding(part) : part);
        }
        return out.toString();
    }

    private static String withoutPadding(String part) {
        int start = 0;
        while (start < part.length() - 1 && (part.charAt(start) == '0' || part.charAt(start) == ' ')) {
            start++;
        }
        return part.substring(start);
    }

    private static String part(LocalDateTime time, char code) {
        int hour12 = (time.getHour() + 11) % 12 + 1;
        // Weeks count from the first Sunday (U) or Monday (W) of the year.
        int day = time.getDayOfYear();
        int weekday = time.getDayOfWeek().getValue();
        return switch (code) {
            case 'Y' -> Integer.toString(time.getYear());
            case 'G' -> Integer.toString(time.get(java.time.temporal.IsoFields.WEEK_BASED_YEAR));
            case 'C' -> padded(time.getYear() / 100, 2);
            case 'y' -> padded(time.getYear() % 100, 2);
            case 'm' -> padded(time.getMonthValue(), 2);
            case 'd' -> padded(time.getDayOfMonth(), 2);
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'B' -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'b', 'h' ->
                time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case 'a' ->
                time.getDayOfWeek()
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                        .substring(0, 3);
            case 'H' -> padded(time.getHour(), 2);
            case 'I' -> padded(hour12, 2);
            case 'l' -> String.format(Locale.ROOT, "%2d", hour12);
            case 'M' -> padded(time.getMinute(), 2);
            case 'S' -> padded(time.getSecond(), 2);
            case 'f' -> padded(time.getNano() / 1000, 6);
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'j' -> padded(day, 3);
            case 'u' -> Integer.toString(weekday);
            case 'w' -> Integer.toString(weekday % 7);
            case 'U' -> padded((day + 6 - weekday % 7) / 7, 2);
            case 'W' -> padded((day + 6 - (weekday - 1)) / 7, 2);
            case 'V' -> padded(time.get(java.time.temporal.IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
            case 'F' -> format(time, "%Y-%m-%d");
            case 'D', 'x' -> format(time, "%m/%d/%y");
            case 'T', 'X' -> format(time, "%H:%M:%S");
            case 'R' -> format(time, "%H:%M");
            case 'r' -> format(time, "%I:%M:%S %p");
            case 'c' -> format(time, "%a %b %e %H:%M:%S %Y");
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'Z', 'z' -> "";
            case '%' -> "%";
            default -> "%" + code;
        };
    }

    private static String padded(int number, int width) {
        return String.format(Locale.ROOT, "%0" + width + "d", number);
    }
}
