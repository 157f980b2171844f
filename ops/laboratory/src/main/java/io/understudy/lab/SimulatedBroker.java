package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The broker that stands in for IBKR, as its own process: told what to do and asked what it saw
 * over its control interface.
 */
final class SimulatedBroker {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
  private static final JsonMapper JSON = new JsonMapper();

  private final Optional<LabProcess> process;
  private final URI uri;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CALL_LIMIT).build();

  private SimulatedBroker(Optional<LabProcess> process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /** One that was started elsewhere. */
  static SimulatedBroker running(URI uri) {
    return new SimulatedBroker(Optional.empty(), uri);
  }

  static SimulatedBroker launch(
      LabProcesses processes,
      Host host,
      Ports ports,
      Installation installation,
      Path directory,
      String users) {
    int port = ports.next();
    Path usersFile = PrivateFiles.write(directory.resolve("broker-users.json"), users);
    ImmutableList<String> command =
        JavaCommand.of("-Xmx64m")
            .classPath(installation.classPath("ops/simulator"))
            .main(
                "io.understudy.simulator.BrokerMain",
                "--host",
                host.address(),
                "--port",
                Integer.toString(port),
                "--users",
                usersFile.toString(),
                "--events",
                BrokerJournal.file(directory).toString());
    LabProcess process =
        processes.start("the simulated broker", host, command, directory.resolve("broker.log"));
    return new SimulatedBroker(
        Optional.of(process), URI.create("http://" + host.address() + ":" + port));
  }

  void awaitReady() {
    if (process.isPresent()) {
      process.orElseThrow().awaitReady(START_LIMIT, this::answers);
    } else if (!Waiting.until(START_LIMIT, this::answers)) {
      throw new LabException("The simulated broker does not answer at " + uri);
    }
  }

  URI uri() {
    return uri;
  }

  /** What it saw and counted so far. */
  JsonNode report() {
    return call("GET", "report", "");
  }

  /** Replaces the positions of an account; the body is a JSON array as in the users file. */
  void setPositions(String user, String account, String positions) {
    var _ = call("POST", "positions/" + user + "/" + account, positions);
  }

  /** Forgets the user's failed logins. */
  void forgive(String user) {
    var _ = call("POST", "users/" + user, "{\"unlock\": true, \"resetBudget\": true}");
  }

  /**
   * Changes fields of the user; the body is JSON, as the simulator's documentation describes it.
   */
  void change(String user, String fields) {
    var _ = call("POST", "users/" + user, fields);
  }

  /** Its clock is ahead of everybody else's by that much. */
  void shiftClock(Duration offset) {
    var _ =
        call(
            "POST",
            "clock",
            JSON.createObjectNode().put("offset", offset.toSeconds() + "s").toString());
  }

  /** Adds a fault, as the simulator's documentation describes them. */
  void addFault(String fault) {
    var _ = call("POST", "faults", fault);
  }

  void removeFaults() {
    var _ = call("DELETE", "faults", "");
  }

  /** Makes the gateway program of a node itself misbehave, for example {@code hang}. */
  void tellGateway(String node, String fault) {
    var _ =
        call(
            "POST",
            "gateways",
            JSON.createObjectNode().put("source", node).put("fault", fault).toString());
  }

  /** A person takes the brokerage session of the user on another device. */
  void logInElsewhere(String user) {
    var _ = call("POST", "third-party-login/" + user, "{\"kind\": \"tws\"}");
  }

  void logOutElsewhere(String user) {
    var _ = call("POST", "third-party-logout/" + user, "{}");
  }

  private boolean answers() {
    try {
      return send("GET", "report", "").statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private JsonNode call(String method, String path, String body) {
    try {
      HttpResponse<String> response = send(method, path, body);
      if (response.statusCode() != 200) {
        throw new LabException(
            "The simulated broker answered " + path + " with " + response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new LabException(
          "The simulated broker does not answer " + path + process.map(LabProcess::last).orElse(""),
          e);
    }
  }

  private HttpResponse<String> send(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri().resolve("/simulator/" + path))
            .timeout(CALL_LIMIT)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
  }
}
