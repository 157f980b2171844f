package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.controller.Golden;
import io.understudy.controller.Harness;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that make and check a cluster file. */
final class ClusterVerbTest {
  private Harness harness;
  private Path file;

  @BeforeEach
  void start(@TempDir Path folder) {
    harness = new Harness(folder);
    file = folder.resolve("cluster.yaml");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  private Harness.Run init(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "cluster";
    arguments[1] = "init";
    arguments[2] = file.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    return harness.runAsIs(arguments);
  }

  private Harness.Run initThree() {
    return init(
        "--primary=alpha=198.51.100.1",
        "--standby=beta=198.51.100.2:51900",
        "--witness=gamma=vps3.example.org",
        "--operator=anna");
  }

  @Test
  void optionsMakeAFileThatPassesTheCheck() throws Exception {
    Harness.Run run = initThree();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Next: understudy cluster check " + file);
    ClusterFile cluster = ClusterFile.load(file);
    assertThat(cluster.name()).isEqualTo("main");
    assertThat(cluster.hosts().values())
        .extracting(Host::id, Host::role, Host::address)
        .containsExactly(
            tuple("alpha", HostRole.PRIMARY, "10.77.0.1"),
            tuple("beta", HostRole.STANDBY, "10.77.0.2"),
            tuple("gamma", HostRole.WITNESS, "10.77.0.3"),
            tuple("desk", HostRole.OPERATOR, "10.77.0.10"));
    assertThat(cluster.operators()).containsOnlyKeys("anna");
  }

  @Test
  void answersMakeAFileAndAWrongOneIsAskedForAgain() throws Exception {
    harness.variables.put("USER", "anna");
    harness.terminal.types(
        "",
        "alpha 198.51.100.1",
        "alpha=198.51.100.1",
        "beta=198.51.100.2",
        "gamma=198.51.100.3",
        "10.99.0.0/24",
        "",
        "",
        "paper",
        "paper",
        "none");

    Harness.Run run = init();

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains(
            "Name of the cluster [main]: ",
            "Primary, as NAME=ADDRESS: alpha 198.51.100.1 (expected: NAME=ADDRESS or",
            "Name of the first operator [anna]: ");
    ClusterFile cluster = ClusterFile.load(file);
    assertThat(cluster.operators()).containsOnlyKeys("anna");
    assertThat(cluster.gateways()).containsOnlyKeys("paper");
    assertThat(cluster.gateways().values())
        .extracting(Gateway::mode, Gateway::relayPort)
        .containsExactly(tuple(Gateway.Mode.PAPER, 4002));
    assertThat(cluster.tunnel().subnet()).hasToString("10.99.0.0/24");
  }

  @Test
  void whatIsThereIsNotOverwritten() throws Exception {
    Files.writeString(file, "mine\n");

    Harness.Run run = initThree();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(file + " is there already and stays as it is.");
    assertThat(file).hasContent("mine\n");
  }

  @Test
  void nothingIsWrittenThatWouldBeWrong() {
    Harness.Run run = init("--primary=alpha=198.51.100.1", "--standby=beta=198.51.100.2");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("Nothing was written, it would be wrong: ")
        .contains("2 voters (expected: an odd number")
        .contains("add a witness");
    assertThat(file).doesNotExist();
  }

  @Test
  void withoutHostsAndTerminalItSaysWhatIsMissing() {
    Harness.Run run = init();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("--primary HOST=ADDRESS is missing");
    assertThat(file).doesNotExist();
  }

  @Test
  void anOptionThatCannotBeUsedIsNamed() {
    Harness.Run run = init("--primary=alpha=198.51.100.1", "--mode=demo");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("--mode: demo (expected: live, paper)");
  }

  @Test
  void aGoodFileIsShownAsTwoTables() {
    var _ = initThree();

    Harness.Run run = harness.runAsIs("cluster", "check", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(Golden.text("cluster.txt"));
  }

  @Test
  void aGoodFileIsADocumentForPrograms() {
    var _ = initThree();

    Harness.Run run = harness.runAsIs("cluster", "check", file.toString(), "-o", "json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("\"cluster\": \"main\"", "\"endpoint\": \"198.51.100.2:51900\"")
        .contains("\"relay-port\": 4001,", "\"problems\": []");
  }

  @Test
  void allProblemsAreListedForPeopleAndForPrograms() throws Exception {
    Files.writeString(file, "cluster: main\ntunnel: {subnet: 10.77.0.0/24, mtu: 1}\nquantum: 1\n");

    Harness.Run people = harness.runAsIs("cluster", "check", file.toString());
    Harness.Run programs = harness.runAsIs("cluster", "check", file.toString(), "-o", "json");

    assertThat(people.exitCode()).isEqualTo(1);
    assertThat(people.out()).isEmpty();
    assertThat(people.err())
        .startsWith("understudy: " + file + ": 5 problems\n")
        .contains("  tunnel.mtu (line 2): 1 (expected: 1280 to 9000)\n");
    assertThat(programs.exitCode()).isEqualTo(1);
    assertThat(programs.out())
        .contains(
            "\"line\": 2,",
            "\"key\": \"tunnel.mtu\"",
            "\"sentence\": \"1 (expected: 1280 to 9000)\"");
  }

  @Test
  void theGroupAloneIsAUsageError() {
    Harness.Run run = harness.runAsIs("cluster");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("understudy: A verb of cluster is missing.\n");
  }
}
