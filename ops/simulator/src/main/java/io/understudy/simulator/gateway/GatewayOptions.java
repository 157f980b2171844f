package io.understudy.simulator.gateway;

import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * What the stand-in can be told and the genuine program cannot. Each option is the system property
 * {@code simulator.gateway.NAME}, or a line {@code NAME=value} of {@code simulator.properties} in
 * the working directory or in the program's directory.
 *
 * @param name how the gateway calls itself to the broker; the working directory if not given
 * @param tickle how often the gateway tickles by itself
 * @param validatePause how long it waits after a validate that was refused
 * @param authDelay replaces that of conf.yaml
 * @param startFault what is wrong from the start: {@code hang}, {@code deaf} or {@code exit N}
 */
record GatewayOptions(
    String name,
    Duration tickle,
    Duration validatePause,
    Optional<Duration> authDelay,
    Optional<String> startFault) {

  static GatewayOptions read(Path workingDirectory) throws IOException {
    Properties properties = new Properties();
    for (Path folder : List.of(programDirectory().orElse(workingDirectory), workingDirectory)) {
      Path file = folder.resolve("simulator.properties");
      if (Files.isRegularFile(file)) {
        try (Reader reader = Files.newBufferedReader(file)) {
          properties.load(reader);
        }
      }
    }
    return new GatewayOptions(
        value(properties, "name").orElse(workingDirectory.toString()),
        value(properties, "tickle").map(GatewayOptions::duration).orElse(Duration.ofSeconds(30)),
        value(properties, "validate-pause")
            .map(GatewayOptions::duration)
            .orElse(Duration.ofSeconds(3)),
        value(properties, "auth-delay").map(GatewayOptions::duration),
        value(properties, "start-fault"));
  }

  private static Optional<String> value(Properties properties, String name) {
    return Optional.ofNullable(
        System.getProperty("simulator.gateway." + name, properties.getProperty(name)));
  }

  /** Reads {@code 250ms}, {@code 1s} or {@code 5m}. */
  private static Duration duration(String text) {
    return text.endsWith("ms")
        ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
        : Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  /** The directory above {@code dist/}, if the program was started from there. */
  private static Optional<Path> programDirectory() throws IOException {
    CodeSource source = GatewayOptions.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return Optional.empty();
    }
    try {
      Path jar = Path.of(source.getLocation().toURI()).toRealPath();
      Path dist = jar.getParent();
      return dist == null ? Optional.empty() : Optional.ofNullable(dist.getParent());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
