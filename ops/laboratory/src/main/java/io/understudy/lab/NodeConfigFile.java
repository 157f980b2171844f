package io.understudy.lab;

/** The configuration of a node of the lab, as an operator would write it. */
final class NodeConfigFile {
  private NodeConfigFile() {}

  static String of(LabWorld world, String cluster, LabNode.Endpoints endpoints) {
    return head(world, cluster, endpoints) + gateway(world, endpoints);
  }

  private static String head(LabWorld world, String cluster, LabNode.Endpoints endpoints) {
    Identity identity = world.identity(endpoints.id());
    Identity coordination = world.coordinationIdentity(endpoints.id());
    return """
    cluster: %1$s
    node: %2$s
    state-directory: %3$s
    coordination:
      connect: "%4$s"
      session-timeout: %5$ds
      tls:
        certificate: %6$s
        key: %7$s
        authority: %8$s
    api:
      listen: "127.0.0.1:%9$d"
      certificate: %10$s
      key: %11$s
      authority: %8$s
    http:
      listen: ["127.0.0.1:%12$d"]
    """
        .formatted(
            cluster,
            endpoints.id(),
            world.home(endpoints.id()).resolve("state-" + cluster),
            world.zookeeperConnectString(),
            LabCluster.SESSION_TIMEOUT.toSeconds(),
            coordination.certificate(),
            coordination.key(),
            coordination.authority(),
            endpoints.api(),
            identity.certificate(),
            identity.key(),
            endpoints.http());
  }

  private static String gateway(LabWorld world, LabNode.Endpoints endpoints) {
    LabSecrets secrets = world.secrets();
    return """
    gateways:
      %s:
        driver: client-portal
        mode: live
        username-file: %s
        password-file: %s
        second-factor: %s
        relay:
          listen: "127.0.0.1:%d"
        client-portal:
          program: %s
          listen-port: %d
          upstream: %s
          pre-submit-delay: 0ms
        positions:
          source: json-file
          path: %s
    """
        .formatted(
            LabCluster.GATEWAY,
            secrets.usernameFile(),
            secrets.passwordFile(),
            secrets.totpSecret().isPresent()
                ? "{kind: totp, secret-file: %s}".formatted(secrets.totpFile())
                : "{kind: none}",
            endpoints.relay(),
            world.gatewayProgram(endpoints.id()),
            endpoints.gateway(),
            world.broker().uri(),
            world.expectedPositions());
  }
}
