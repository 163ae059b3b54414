package dev.floe.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows under column names, aligned; an empty cell shows as a dash. */
public final class Table {
  private static final int CELL_MAX = 100;
  private static final String GAP = "   ";

  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row; {@code null} and empty cells show as a dash. */
  public Table row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns);
    }
    var row = new ArrayList<String>();
    for (var cell : cells) {
      row.add(text(cell));
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The table's lines; the last column is not padded. */
  public List<String> lines(Terminal terminal) {
    var widths = new int[columns.size()];
    for (var i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).length();
      for (var row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    var lines = new ArrayList<String>();
    lines.add(
        terminal.dim(
            line(columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toList(), widths)));
    for (var row : rows) {
      lines.add(terminal.states(line(row, widths)));
    }
    return lines;
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (var i = 0; i < widths.length; i++) {
      var cell = cells.get(i);
      line.append(cell);
      if (i < widths.length - 1) {
        line.repeat(' ', widths[i] - cell.codePointCount(0, cell.length())).append(GAP);
      }
    }
    return line.toString();
  }

  @SuppressWarnings("NullAway") // a varargs cell may be null: that is the empty cell
  private static String text(Object cell) {
    var text = cell == null ? "" : cell.toString().strip().lines().findFirst().orElse("");
    if (text.isEmpty()) {
      return "-";
    }
    return text.length() > CELL_MAX ? text.substring(0, CELL_MAX - 1) + "…" : text;
  }
}
