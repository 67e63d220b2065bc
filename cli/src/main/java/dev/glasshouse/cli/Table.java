package dev.glasshouse.cli;

import java.util.List;

/** Rows in columns: the first row is the head; the last column may be cut to the width of a terminal. */
final class Table {
    private Table() {}

    static void print(Console console, List<List<String>> rows) {
        for (int row = 0; row < rows.size(); row++) {
            String line = line(rows, row, console.outTerminal() ? console.width() : Integer.MAX_VALUE);
            console.out().println(row == 0 ? console.faint(line) : line);
        }
    }

    private static String line(List<List<String>> rows, int row, int width) {
        StringBuilder line = new StringBuilder();
        List<String> cells = rows.get(row);
        for (int column = 0; column < cells.size(); column++) {
            line.append(cells.get(column));
            if (column < cells.size() - 1) {
                line.append(" ".repeat(width(rows, column) - cells.get(column).length() + 2));
            }
        }
        return line.length() <= width ? line.toString() : line.substring(0, Math.max(0, width - 1)) + "…";
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
    }
}
