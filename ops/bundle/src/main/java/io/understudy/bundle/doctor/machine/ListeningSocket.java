package io.understudy.bundle.doctor.machine;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import com.google.errorprone.annotations.Immutable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A socket that waits for others.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param address {@value #ANY} for all addresses of either family; an IPv4 address in IPv6 clothes
 *     is written as IPv4
 * @param program its name; empty when it is the kernel or not ours to know
 */
@Immutable
public record ListeningSocket(String protocol, String address, int port, String program) {
  public static final String ANY = "*";
  private static final Splitter COLUMNS = Splitter.on(CharMatcher.whitespace()).omitEmptyStrings();
  private static final Pattern PROGRAM = Pattern.compile("users:\\(\\(\"([^\"]*)\"");
  private static final String MAPPED = "::ffff:";
  private static final int LOCAL_COLUMN = 4;

  /** Reads what {@code ss -lntupH} prints; lines of another form are passed over. */
  public static ImmutableList<ListeningSocket> parse(String output) {
    return output
        .lines()
        .flatMap(line -> socket(line).stream())
        .collect(ImmutableList.toImmutableList());
  }

  private static Optional<ListeningSocket> socket(String line) {
    List<String> columns = COLUMNS.splitToList(line);
    if (columns.size() <= LOCAL_COLUMN) {
      return Optional.empty();
    }
    String local = columns.get(LOCAL_COLUMN);
    int colon = local.lastIndexOf(':');
    Integer port = colon < 0 ? null : Ints.tryParse(local.substring(colon + 1));
    if (port == null) {
      return Optional.empty();
    }
    Matcher program = PROGRAM.matcher(line);
    return Optional.of(
        new ListeningSocket(
            columns.getFirst(),
            address(local.substring(0, colon)),
            port,
            program.find() ? program.group(1) : ""));
  }

  private static String address(String written) {
    String bare = CharMatcher.anyOf("[]").removeFrom(written);
    int zone = bare.indexOf('%');
    String address = zone < 0 ? bare : bare.substring(0, zone);
    if (address.startsWith(MAPPED)) {
      address = address.substring(MAPPED.length());
    }
    return address.equals("0.0.0.0") || address.equals("::") ? ANY : address;
  }

  public boolean loopback() {
    return address.equals("::1") || address.startsWith("127.");
  }

  @Override
  public String toString() {
    String at = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    return protocol + " " + at + ":" + port + (program.isEmpty() ? "" : " (" + program + ")");
  }
}
