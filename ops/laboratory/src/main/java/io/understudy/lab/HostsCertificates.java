package io.understudy.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Stories of certificates: which of them the nodes' API takes, and for what. */
final class HostsCertificates {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration EFFECT_LIMIT = Duration.ofSeconds(60);

  /** An operator whose certificate is revoked. */
  static final String LEAVER = "leaver";

  /** What TLS says to a caller without a certificate, by its version. */
  private static final Pattern REFUSAL =
      Pattern.compile("alert (certificate required|bad certificate|handshake failure)");

  private HostsCertificates() {}

  /** None, an expired one, one of another authority, a viewer's. */
  static String decide(HostsScene scene) {
    var _ = scene.settled();
    withoutCertificate(scene);
    HostsWorld world = scene.world();
    Path authority = world.cluster().resolve("authority/api/1/authority.pem");
    String cluster = world.manifest(world.host("primary").id()).path("cluster").asText();
    refused(scene, "expired", Pki.read(cluster, authority), Pki.Validity.expired());
    refused(scene, "foreign", Pki.create(cluster), Pki.Validity.lasting(Duration.ofDays(1)));
    accepted(scene, Pki.read(cluster, authority));
    viewer(scene);
    return "none, expired and foreign: refused; a viewer's reads only";
  }

  /** The certificate of somebody who left counts for nothing once the nodes know. */
  static String revoked(HostsScene scene) {
    HostsWorld world = scene.world();
    // The new bundle of the operator host no longer has that certificate; a leaver does.
    DebianHost desk = world.host("operator");
    desk.shell("mkdir -p /root/contexts && cp -a /etc/understudy/operators/leaver /root/contexts/");
    CommandLine leaver =
        HostsScene.commandLine(world, Path.of("/root/contexts/" + LEAVER + "/config.yaml"));
    if (leaver.run(COMMAND_LIMIT, "status").exitCode() != 0) {
      throw new LabException("The leaver's certificate was refused before it was revoked");
    }
    Epochs before = Epochs.of(scene);
    var _ = world.administrates("cluster", "revoke", "operator", LEAVER, "--yes");
    HostsInstall.render(world);
    world.nodes().forEach(node -> HostsInstall.install(world, node));
    if (!Waiting.until(
        EFFECT_LIMIT,
        Duration.ofSeconds(1),
        () -> leaver.run(COMMAND_LIMIT, "status").exitCode() != 0)) {
      throw new LabException("A revoked certificate still reads the status");
    }
    var _ = scene.operator().status(0);
    before.expectUnchanged(scene);
    return "refused at once, no daemon restarted";
  }

  private static void withoutCertificate(HostsScene scene) {
    DebianHost desk = scene.world().host("operator");
    DebianHost node = scene.leader();
    Finished finished =
        desk.run(
            COMMAND_LIMIT,
            "sh",
            "-c",
            "{ printf 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n'; sleep 3; } | openssl s_client -alpn h2 -connect "
                + node.tunnelAddress()
                + ":"
                + HostsScene.API_PORT
                + " 2>&1");
    if (!REFUSAL.matcher(finished.output()).find()) {
      throw new LabException(
          "A caller without a certificate was not refused: " + finished.output().strip());
    }
  }

  private static void refused(
      HostsScene scene, String folder, Pki authority, Pki.Validity validity) {
    CommandLine.Ran ran = status(scene, folder, authority, validity);
    if (ran.exitCode() == 0) {
      throw new LabException("The nodes took a certificate that is " + folder);
    }
  }

  /** The same by way of the same files, so that the refusals above are due to the certificates. */
  private static void accepted(HostsScene scene, Pki authority) {
    CommandLine.Ran ran =
        status(scene, "genuine", authority, Pki.Validity.lasting(Duration.ofHours(1)));
    if (ran.exitCode() != 0) {
      throw new LabException("The nodes refused a good certificate: " + ran.output().strip());
    }
  }

  private static CommandLine.Ran status(
      HostsScene scene, String folder, Pki authority, Pki.Validity validity) {
    HostsWorld world = scene.world();
    DebianHost desk = world.host("operator");
    String context = "/root/contexts/" + folder;
    desk.shell(
        "mkdir -p /root/contexts && rm -rf %1$s && cp -a /etc/understudy/operators/%2$s %1$s"
            .formatted(context, HostsScene.OPERATOR));
    Identity identity =
        authority.issue(
            world.folder().resolve("issued").resolve(folder),
            HostsScene.OPERATOR,
            Pki.Role.OPERATOR,
            validity);
    HostsInstall.put(identity.certificate(), desk, context + "/" + HostsScene.OPERATOR + ".crt");
    HostsInstall.put(identity.key(), desk, context + "/" + HostsScene.OPERATOR + ".key");
    return HostsScene.commandLine(world, Path.of(context, "config.yaml"))
        .run(COMMAND_LIMIT, "status");
  }

  private static void viewer(HostsScene scene) {
    CommandLine viewer = HostsScene.commandLine(scene.world(), HostsScene.VIEWER);
    CommandLine.Ran reads = viewer.run(COMMAND_LIMIT, "status");
    if (reads.exitCode() != 0) {
      throw new LabException("A viewer cannot read the status: " + reads.output().strip());
    }
    for (String verb : new String[] {"halt", "login", "logout"}) {
      CommandLine.Ran ran = viewer.run(COMMAND_LIMIT, verb, "--reason", "a viewer tries", "--yes");
      if (ran.exitCode() == 0) {
        throw new LabException("A viewer's " + verb + " was carried out");
      }
    }
    var _ = scene.settled();
  }
}
