package com.customerledger.gateway.commands;

import java.io.PrintWriter;
import java.util.List;

/** Rows for people and for scripts: columns below each other, two blanks between them. */
final class Table {

    private static final String GAP = "  ";

    private Table() {}

    /**
     * Prints every row on a line.
     *
     * @param rows all of the same length
     */
    static void print(PrintWriter out, List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                if (i < columns - 1) {
                    line.append(" ".repeat(widths[i] - width(row.get(i)))).append(GAP);
                }
            }
            out.println(line);
        }
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
