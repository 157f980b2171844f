package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.nio.file.Path;

/**
 * Starts programs of the lab that speak to coordination as a node does: from its host, with its
 * certificate. A program by itself, for the sake of its TLS settings and its log.
 */
final class CoordinationProgram {
  private CoordinationProgram() {}

  /**
   * @param program what it is for; its log is named after it
   * @param main its first argument is how to connect, then come the others
   */
  static LabProcess start(
      LabCluster cluster, LabNode node, String program, Class<?> main, String... arguments) {
    Identity identity = cluster.coordinationIdentity(node.id());
    Path log = cluster.directory().resolve(program + "-" + node.id() + ".log");
    ImmutableList<String> command =
        JavaCommand.of(
                "-Xmx64m",
                "-Dlogback.configurationFile=io/understudy/lab/zookeeper-logback.xml",
                "-Dzookeeper.client.secure=true",
                "-Dzookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty",
                "-Dzookeeper.ssl.keyStore.location=" + identity.keyAndCertificate(),
                "-Dzookeeper.ssl.trustStore.location=" + identity.authority())
            .classPath(System.getProperty("java.class.path"))
            .main(
                main.getName(),
                Lists.asList(cluster.zookeeper().connectString(node.id()), arguments)
                    .toArray(String[]::new));
    return cluster.processes().start(program + " on " + node.id(), node.host(), command, log);
  }
}
