package io.understudy.lab;

import java.net.URI;
import java.nio.file.Path;

/** The configuration of a node of the lab, as an operator would write it. */
final class NodeConfigFile {
  private NodeConfigFile() {}

  static String of(
      LabNode.Endpoints endpoints,
      Identity identity,
      LabSecrets secrets,
      String connectString,
      URI upstream,
      Path home,
      Path expectedPositions) {
    String secondFactor =
        secrets.totpSecret().isPresent()
            ? "{kind: totp, secret-file: %s}".formatted(secrets.totpFile())
            : "{kind: none}";
    return """
    cluster: %s
    node: %s
    state-directory: %s
    coordination:
      connect: %s
      session-timeout: %ds
      tls:
        certificate: %6$s
        key: %7$s
        authority: %8$s
    api:
      listen: 127.0.0.1:%9$d
      certificate: %6$s
      key: %7$s
      authority: %8$s
    http:
      listen: ["127.0.0.1:%10$d"]
    gateways:
      %11$s:
        driver: client-portal
        mode: live
        username-file: %12$s
        password-file: %13$s
        second-factor: %14$s
        relay:
          listen: 127.0.0.1:%15$d
        client-portal:
          program: %16$s
          listen-port: %17$d
          upstream: %18$s
          pre-submit-delay: 0ms
        positions:
          source: json-file
          path: %19$s
    """
        .formatted(
            LabCluster.NAME,
            endpoints.id(),
            home.resolve("state"),
            connectString,
            LabCluster.SESSION_TIMEOUT.toSeconds(),
            identity.certificate(),
            identity.key(),
            identity.authority(),
            endpoints.api(),
            endpoints.http(),
            LabCluster.GATEWAY,
            secrets.usernameFile(),
            secrets.passwordFile(),
            secondFactor,
            endpoints.relay(),
            home.resolve("clientportal.gw"),
            endpoints.gateway(),
            upstream,
            expectedPositions);
  }
}
