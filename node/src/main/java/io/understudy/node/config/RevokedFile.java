package io.understudy.node.config;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.settings.Format;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The list of certificates that count no longer: one serial number a line in hexadecimal digits, as
 * openssl prints it without colons. What follows a {@code #} is a comment. A list that cannot be
 * read whole is not used at all, since a caller that it would have refused might get in.
 */
final class RevokedFile {
  private static final int BYTES_MAX = 1 << 20;

  /** RFC 5280 allows twenty octets. */
  private static final int DIGITS_MAX = 40;

  private static final CharMatcher DIGIT =
      CharMatcher.inRange('0', '9')
          .or(CharMatcher.inRange('a', 'f'))
          .or(CharMatcher.inRange('A', 'F'));

  private RevokedFile() {}

  /** The list in effect, now and whenever the file changes. */
  static Reloaded<ImmutableSet<BigInteger>> reloaded(Path file) throws DriverException {
    return Reloaded.of(
        "revoked",
        ImmutableList.of(file),
        () -> {
          try {
            return read(file);
          } catch (Format.Rejected e) {
            throw DriverException.permanentError(e.sentence());
          }
        });
  }

  @CanIgnoreReturnValue // Whoever only checks has no use for the list.
  static ImmutableSet<BigInteger> read(Path file) throws Format.Rejected {
    ImmutableSet.Builder<BigInteger> serials = ImmutableSet.builder();
    List<String> lines = Splitter.on('\n').splitToList(text(file));
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int comment = line.indexOf('#');
      String serial = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (!serial.isEmpty()) {
        serials.add(serial(file, i + 1, serial));
      }
    }
    return serials.build();
  }

  private static BigInteger serial(Path file, int line, String text) throws Format.Rejected {
    if (text.length() > DIGITS_MAX || !DIGIT.matchesAllOf(text)) {
      throw new Format.Rejected(
          "%s: line %d: '%s' (expected: the serial number of a certificate, 1 to %d hexadecimal digits, or a # comment)"
              .formatted(file, line, shown(text), DIGITS_MAX));
    }
    return new BigInteger(text, 16);
  }

  private static String shown(String text) {
    String printable = CharMatcher.inRange(' ', '~').negate().replaceFrom(text, '?');
    return printable.length() > DIGITS_MAX ? printable.substring(0, DIGITS_MAX) + "…" : printable;
  }

  private static String text(Path file) throws Format.Rejected {
    if (!Files.isRegularFile(file)) {
      throw new Format.Rejected(
          file + ": no such file (create it, empty as long as no certificate is revoked)");
    }
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new Format.Rejected(
            file + ": larger than 1 MiB (expected: one serial number a line)");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Format.Rejected(
          file
              + ": cannot be read as UTF-8 text by user "
              + SecretFile.user()
              + " (run: chmod 644 "
              + file
              + ")");
    }
  }
}
