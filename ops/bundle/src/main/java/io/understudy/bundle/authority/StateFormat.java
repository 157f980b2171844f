package io.understudy.bundle.authority;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The text form of {@link State}: one fact a line, words separated by one space, lines that begin
 * with {@code #} are comments.
 */
final class StateFormat {
  static final int VERSION = 1;
  private static final String MAGIC = "understudy-authority";
  private static final Splitter WORDS = Splitter.on(' ');

  private StateFormat() {}

  static String text(State state) {
    StringBuilder text = new StringBuilder();
    line(text, MAGIC, VERSION);
    line(text, "# What was made, how far rotations have come, and what is revoked. No secrets.");
    line(text, "cluster", state.cluster());
    line(text, "tunnel", state.tunnels().stage().word(), state.tunnels().current());
    line(text, "certificates", state.authorities().stage().word(), state.authorities().current());
    state.operators().forEach((name, stage) -> line(text, "operator", name, stage.word()));
    state.tunnelKeys().forEach((key, fingerprint) -> line(text, "key", key, fingerprint));
    for (State.Issued each : state.issued()) {
      line(
          text,
          "issued",
          each.generation(),
          each.kind().word(),
          each.name(),
          each.serial(),
          each.until());
    }
    state.revoked().forEach(serial -> line(text, "revoked", serial));
    state.ensemble().ids().forEach((host, id) -> line(text, "server", host, id));
    state.ensemble().voters().forEach((host, address) -> line(text, "voter", host, address));
    return text.toString();
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException with a clause that says what is wrong
   */
  static State parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().startsWith(MAGIC + " ")) {
      throw new IllegalArgumentException("its first line is not '" + MAGIC + " " + VERSION + "'");
    }
    if (!lines.getFirst().equals(MAGIC + " " + VERSION)) {
      throw new IllegalArgumentException(
          "it was written by another version of understudy, as '" + lines.getFirst() + "'");
    }
    State state = State.initial("");
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith("#") && !line.isBlank()) {
        try {
          state = with(state, ImmutableList.copyOf(WORDS.split(line)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeParseException _) {
          throw new IllegalArgumentException("line " + (i + 1) + " cannot be understood");
        }
      }
    }
    if (state.cluster().isEmpty()) {
      throw new IllegalArgumentException("it does not name its cluster");
    }
    return state;
  }

  private static State with(State state, ImmutableList<String> words) {
    return switch (words.getFirst()) {
      case "cluster" ->
          new State(
              words.get(1),
              state.tunnels(),
              state.authorities(),
              state.tunnelKeys(),
              state.issued(),
              state.operators(),
              state.revoked(),
              state.ensemble());
      case "tunnel" ->
          state.with(
              new State.Tunnels(TunnelStage.valueOf(upper(words.get(1))), known(words.get(2))));
      case "certificates" ->
          state.with(
              new State.Authorities(
                  AuthorityStage.valueOf(upper(words.get(1))), Integer.parseInt(words.get(2))));
      case "operator" ->
          state.withOperator(words.get(1), OperatorStage.valueOf(upper(words.get(2))));
      case "key" -> state.withTunnelKey(State.tunnelKey(words.get(1), words.get(2)), words.get(3));
      case "issued" ->
          state.with(
              new State.Issued(
                  Integer.parseInt(words.get(1)),
                  kind(words.get(2)),
                  words.get(3),
                  words.get(4),
                  Instant.parse(words.get(5))));
      case "revoked" -> state.withRevoked(ImmutableList.of(words.get(1)));
      case "server" ->
          state.with(state.ensemble().withId(words.get(1), Integer.parseInt(words.get(2))));
      case "voter" -> state.with(state.ensemble().withVoter(words.get(1), words.get(2)));
      default -> throw new IllegalArgumentException(words.getFirst());
    };
  }

  private static String known(String interfaceName) {
    if (!interfaceName.equals(State.Tunnels.FIRST) && !interfaceName.equals(State.Tunnels.SECOND)) {
      throw new IllegalArgumentException(interfaceName);
    }
    return interfaceName;
  }

  private static Kind kind(String word) {
    return Kind.ALL.stream()
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static void line(StringBuilder text, Object... words) {
    text.append(String.join(" ", Arrays.stream(words).map(String::valueOf).toList())).append('\n');
  }
}
