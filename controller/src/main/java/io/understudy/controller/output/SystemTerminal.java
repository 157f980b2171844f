package io.understudy.controller.output;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Properties;

/**
 * The terminal of this process. Java cannot tell which of its streams is a screen, so the start
 * script says so in {@code understudy.terminal} (the digits of those that are); without it, all or
 * none are taken to be one.
 */
public final class SystemTerminal implements Terminal {
  private final String screens;
  private final Optional<Integer> columns;
  private final BufferedReader input =
      new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));

  public SystemTerminal(Properties properties) {
    String told = properties.getProperty("understudy.terminal");
    this.screens = told != null ? told : allOrNone();
    String width = properties.getProperty("understudy.columns", "");
    this.columns =
        width.matches("[1-9][0-9]{0,3}") ? Optional.of(Integer.parseInt(width)) : Optional.empty();
  }

  @Override
  public boolean outIsScreen() {
    return screens.contains("1");
  }

  @Override
  public boolean errIsScreen() {
    return screens.contains("2");
  }

  @Override
  public boolean canAsk() {
    return screens.contains("0") && errIsScreen();
  }

  @Override
  public Optional<Integer> columns() {
    return columns;
  }

  @Override
  public Optional<String> readLine() {
    try {
      return Optional.ofNullable(input.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException("standard input cannot be read", e);
    }
  }

  @Override
  public Optional<String> readSecret() {
    if (!screens.contains("0")) {
      return readLine();
    }
    Optional<Console> console = console();
    return console.isPresent()
        ? Optional.ofNullable(console.get().readPassword()).map(String::new)
        : readWithoutEcho();
  }

  /** For a keyboard without a console, which is so when standard output is redirected. */
  private Optional<String> readWithoutEcho() {
    setEcho("-echo");
    try {
      return readLine();
    } finally {
      setEcho("echo");
    }
  }

  private static void setEcho(String mode) {
    try {
      new ProcessBuilder("stty", mode)
          .redirectInput(ProcessBuilder.Redirect.INHERIT)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("the echo of the terminal cannot be switched", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String allOrNone() {
    return console().isPresent() ? "012" : "";
  }

  private static Optional<Console> console() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
