package io.understudy.node.driver.file;

import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What both kinds of files have in common: limits, and the checks of a line. */
final class PositionFile {
  static final long BYTES_MAX = 8L << 20;
  private static final int DIGITS_MAX = 40;
  private static final int SCALE_MAX = 20;

  private PositionFile() {}

  /** The file's text. Everything that is wrong here may be right at the next try. */
  static String read(Path file) throws DriverException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw DriverException.permanentError(
            file + ": larger than 8 MiB (expected: one line a position)");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw DriverException.transientError(
          file + ": no such file (the trading engine writes it; check positions.path)", e);
    } catch (IOException e) {
      throw DriverException.transientError(
          file + ": cannot be read as UTF-8 text (check its permissions)", e);
    }
  }

  /**
   * One position from its texts.
   *
   * @param where the file and the place in it
   */
  static Position position(
      String where, String account, String instrument, String instrumentClass, String quantity)
      throws DriverException {
    requireText(where, "account", account);
    requireText(where, "instrument", instrument);
    return new Position(
        account.strip(), instrument.strip(), instrumentClass.strip(), quantity(where, quantity));
  }

  private static void requireText(String where, String field, String text) throws DriverException {
    if (text.isBlank()) {
      throw DriverException.permanentError(where + ", " + field + ": empty (expected: a text)");
    }
  }

  private static BigDecimal quantity(String where, String text) throws DriverException {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      if (value.precision() <= DIGITS_MAX && Math.abs(value.scale()) <= SCALE_MAX) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the place.
    }
    throw DriverException.permanentError(
        where + ", quantity: '" + shortened(text) + "' (expected: a number like 100 or -2.5)");
  }

  private static String shortened(String text) {
    return text.length() <= 20 ? text : text.substring(0, 20) + "…";
  }
}
