package io.understudy.lab;

/** The configuration of a node of the lab, as an operator would write it. */
final class NodeConfigFile {
  private NodeConfigFile() {}

  static String of(LabWorld world, String cluster, LabNode.Endpoints endpoints) {
    StringBuilder text = new StringBuilder(head(world, cluster, endpoints));
    text.append(
        switch (world.settings().drillMeans()) {
          case OWN -> "";
          case ALL ->
              "tunnel-socket: %s\nsupervision: other\n"
                  .formatted(LabWorld.tunnelSocket(world.directory(), endpoints.id()));
        });
    text.append("gateways:\n");
    for (int i = 0; i < endpoints.gateways().size(); i++) {
      text.append(gateway(world, endpoints, i));
    }
    return text.toString();
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
      listen: "%9$s"
      certificate: %10$s
      key: %11$s
      authority: %8$s
    http:
      listen: ["%12$s"]
    page:
      listen: "%13$s"
      viewer-token-file: %14$s
    """
        .formatted(
            cluster,
            endpoints.id(),
            LabWorld.stateDirectory(world.directory(), endpoints.id(), cluster),
            world.zookeeperConnectString(endpoints.id()),
            world.settings().sessionTimeout().toSeconds(),
            coordination.certificate(),
            coordination.key(),
            coordination.authority(),
            endpoints.apiAddress(),
            identity.certificate(),
            identity.key(),
            endpoints.httpAddress(),
            endpoints.pageAddress(),
            world.secrets().viewerTokenFile());
  }

  private static String gateway(LabWorld world, LabNode.Endpoints endpoints, int index) {
    LabSecrets secrets = world.secrets();
    LabNode.GatewayPorts ports = endpoints.gateways().get(index);
    return """
      %s:
        driver: client-portal
        mode: live
        username-file: %s
        password-file: %s
        second-factor: %s
        relay:
          listen: "%s"
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
            LabCluster.gateway(index),
            secrets.usernameFile(index),
            secrets.passwordFile(),
            secrets.totpSecret().isPresent()
                ? "{kind: totp, secret-file: %s}".formatted(secrets.totpFile())
                : "{kind: none}",
            endpoints.at(ports.relay()),
            world.gatewayProgram(endpoints.id()),
            ports.program(),
            world.broker().uri(),
            world.expectedPositions());
  }
}
