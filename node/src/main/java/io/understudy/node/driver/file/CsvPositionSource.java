package io.understudy.node.driver.file;

import com.google.common.collect.ImmutableList;
import io.understudy.node.config.PositionsConfig.Columns;
import io.understudy.node.core.positions.Position;
import io.understudy.node.driver.file.CsvLines.CsvRecord;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PositionSource;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Expected positions from a CSV file whose first line names the columns; other columns are passed
 * over. Says nothing of open orders. Read anew at each call.
 */
public final class CsvPositionSource implements PositionSource {
  private final Path file;
  private final Columns columns;

  public CsvPositionSource(Path file, Columns columns) {
    this.file = file;
    this.columns = columns;
  }

  @Override
  public Expected expected() throws DriverException {
    ImmutableList<CsvRecord> records = records();
    if (records.isEmpty()) {
      throw DriverException.permanentError(
          file + ": empty (expected: a first line with the names of the columns)");
    }
    ImmutableList<String> header = records.getFirst().fields();
    int account = index(header, columns.account());
    int instrument = index(header, columns.instrument());
    int instrumentClass = index(header, columns.instrumentClass());
    int quantity = index(header, columns.quantity());
    ImmutableList.Builder<Position> positions = ImmutableList.builder();
    for (CsvRecord record : records.subList(1, records.size())) {
      String where = file + ", line " + record.line();
      ImmutableList<String> fields = record.fields();
      if (fields.size() != header.size()) {
        throw DriverException.permanentError(
            where + ": " + fields.size() + " fields (expected: " + header.size() + ")");
      }
      positions.add(
          PositionFile.position(
              where,
              fields.get(account),
              fields.get(instrument),
              fields.get(instrumentClass),
              fields.get(quantity)));
    }
    return new Expected(positions.build(), OptionalInt.empty());
  }

  private ImmutableList<CsvRecord> records() throws DriverException {
    try {
      return CsvLines.parse(PositionFile.read(file));
    } catch (CsvLines.MalformedCsvException e) {
      throw DriverException.permanentError(file + ", " + e.getMessage());
    }
  }

  private int index(ImmutableList<String> header, String column) throws DriverException {
    int index = header.indexOf(column);
    if (index < 0 || header.lastIndexOf(column) != index) {
      throw DriverException.permanentError(
          file
              + ", line 1: "
              + (index < 0 ? "no column '" : "two columns '")
              + column
              + "' (found: "
              + String.join(", ", header)
              + "; positions.columns says which one to use)");
    }
    return index;
  }
}
