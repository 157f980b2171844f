package io.understudy.simulator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The gateway's {@code conf.yaml}: the keys of the genuine program, and no others.
 *
 * @param keystore the file that {@code sslCert} names, beside conf.yaml
 * @param authDelay from the login to the brokerage init
 * @param addresses the block {@code ips}; empty lets everyone in
 */
record GatewayConfig(
    int listenPort,
    boolean listenSsl,
    Path keystore,
    String keystorePassword,
    URI proxyRemoteHost,
    String ip2loc,
    Duration authDelay,
    Duration ssoPing,
    String allowedOrigin,
    Optional<AddressFilter> addresses) {
  private static final Set<String> KEYS =
      Set.of(
          "ip2loc",
          "proxyRemoteSsl",
          "proxyRemoteHost",
          "listenPort",
          "listenSsl",
          "ccp",
          "svcEnvironment",
          "sslCert",
          "sslPwd",
          "authDelay",
          "portalBaseURL",
          "twsBaseURL",
          "ssoPing",
          "tst",
          "serverOptions",
          "cors",
          "webApps",
          "ips");
  private static final Map<String, Set<String>> INNER_KEYS =
      Map.of(
          "serverOptions",
          Set.of(
              "blockedThreadCheckInterval",
              "eventLoopPoolSize",
              "workerPoolSize",
              "maxWorkerExecuteTime",
              "internalBlockingPoolSize"),
          "cors",
          Set.of("origin.allowed", "allowCredentials"),
          "ips",
          Set.of("allow", "deny"));
  private static final int MILLIS_MIN = 1_000;

  static GatewayConfig read(Path file) throws IOException, ConfigException {
    JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
    if (!root.isObject()) {
      throw new ConfigException("not a map of keys");
    }
    checkKeys(root);
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return new GatewayConfig(
        root.path("listenPort").asInt(5000),
        root.path("listenSsl").asBoolean(true),
        folder.resolve(root.path("sslCert").asText("vertx.jks")),
        root.path("sslPwd").asText("mywebapi"),
        remote(root),
        root.path("ip2loc").asText("US"),
        Duration.ofMillis(root.path("authDelay").asLong(3_000)),
        ssoPing(root.path("ssoPing").asLong(5)),
        root.path("cors").path("origin.allowed").asText("*"),
        filter(root.path("ips")));
  }

  private static void checkKeys(JsonNode root) throws ConfigException {
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      if (!KEYS.contains(key)) {
        throw new ConfigException("Unable to find property '" + key + "'");
      }
      for (Map.Entry<String, JsonNode> inner : entry.getValue().properties()) {
        if (INNER_KEYS.containsKey(key)
            && !INNER_KEYS.getOrDefault(key, Set.of()).contains(inner.getKey())) {
          throw new ConfigException("Unable to find property '" + key + "." + inner.getKey() + "'");
        }
      }
    }
  }

  private static URI remote(JsonNode root) throws ConfigException {
    String host = root.path("proxyRemoteHost").asText("https://api.ibkr.com");
    try {
      URI uri = URI.create(host);
      if (uri.getHost() == null) {
        throw new ConfigException("proxyRemoteHost: " + host + " (expected: http://HOST:PORT)");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("proxyRemoteHost: " + host + " (expected: http://HOST:PORT)");
    }
  }

  /** Small values are minutes; the genuine program's unit is not documented. */
  private static Duration ssoPing(long value) {
    return value < MILLIS_MIN ? Duration.ofMinutes(value) : Duration.ofMillis(value);
  }

  private static Optional<AddressFilter> filter(JsonNode ips) {
    if (!ips.isObject()) {
      return Optional.empty();
    }
    List<String> allow = new ArrayList<>();
    ips.path("allow").forEach(pattern -> allow.add(pattern.asText()));
    return Optional.of(new AddressFilter(allow));
  }
}
