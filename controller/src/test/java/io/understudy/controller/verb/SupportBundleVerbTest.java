package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.understudy.controller.Clusters;
import io.understudy.controller.Harness;
import io.understudy.controller.support.Archive;
import io.understudy.controller.support.SecretHost;
import io.understudy.v1.Cluster;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, with a node that tells its secrets. */
final class SupportBundleVerbTest {
  @TempDir private Path home;
  @TempDir private Path root;
  private Harness harness;
  private HttpServer http;
  private SecretHost host;

  @BeforeEach
  void start() throws Exception {
    harness = new Harness(home);
    host = new SecretHost(root);
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          byte[] body =
              (exchange.getRequestURI() + "\n" + host.leaks()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/health") ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
    SecretHost _ = host.lay("127.0.0.1:" + http.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    http.stop(0);
    harness.close();
  }

  private Harness.Run run(Path file) {
    return harness.run("support-bundle", "--out=" + file, "--root=" + root);
  }

  @Test
  void oneArchiveHoldsWhatTheHostAndItsNodeSayAndNoSecret() throws Exception {
    Cluster talkative = Clusters.serving().toBuilder().setName(host.leaks()).build();
    harness.node("127.0.0.1:7101", talkative);
    Path file = home.resolve("support.zip");

    Harness.Run run = run(file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Wrote " + file, "MISSING.txt", "Look through it");
    Archive archive = Archive.read(file);
    archive.holdsNoneOf(host.secrets());
    assertThat(archive.part("metrics.txt")).startsWith("/metrics");
    assertThat(archive.part("health.json")).as("also of a node that is ill").startsWith("/health");
    assertThat(archive.part("status.json")).contains("\"gateways\"");
    assertThat(archive.part("doctor.json")).contains("\"FileMissing\"");
    assertThat(archive.part("versions.txt")).contains("understudy ", "java ");
  }

  @Test
  void aNodeThatDoesNotAnswerFailsNothing() throws Exception {
    http.stop(0);
    Path file = home.resolve("support.zip");

    Harness.Run run = run(file);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Archive.read(file).part("MISSING.txt"))
        .contains("metrics.txt: http://127.0.0.1:", "does not answer", "status.json: ");
  }

  @Test
  void whereTheArchiveCannotBeWrittenItSaysSo() {
    Harness.Run run = run(home.resolve("no/such/folder/support.zip"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("cannot be written: its folder does not exist (choose another --out).")
        .doesNotContain("Exception");
  }
}
