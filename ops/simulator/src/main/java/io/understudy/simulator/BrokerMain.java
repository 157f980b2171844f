package io.understudy.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.simulator.broker.BadInputException;
import io.understudy.simulator.broker.Broker;
import java.io.IOException;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a broker and serves until it is ended by a signal. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = "Plays IBKR and judges what it sees.")
public final class BrokerMain implements Callable<Integer> {
  @Option(names = "--port", description = "Where to listen; 0 takes any free port. Default: 0")
  private int port;

  @Option(names = "--host", description = "Address to listen at. Default: 127.0.0.1")
  private InetAddress host = InetAddress.getLoopbackAddress();

  @Option(names = "--users", required = true, paramLabel = "FILE", description = "Users, in JSON.")
  private Path users = Path.of("");

  @Option(names = "--events", paramLabel = "FILE", description = "Journal, in JSON lines.")
  private @Nullable Path events;

  @Option(
      names = "--active-window",
      paramLabel = "MILLIS",
      description = "How long after a client's call a source counts as active. Default: 2000")
  private long activeWindowMillis = 2_000;

  @Option(
      names = "--login-budget",
      paramLabel = "N",
      description = "How many refusals in a row the cluster may risk. Default: 3")
  private int loginBudget = 3;

  private BrokerMain() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BrokerMain()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      serve();
      return 0;
    } catch (BadInputException e) {
      return fail(users + ": " + e.getMessage());
    } catch (JsonProcessingException e) {
      return fail(users + ": not JSON: " + e.getOriginalMessage());
    } catch (NoSuchFileException e) {
      return fail("there is no file " + e.getFile());
    } catch (BindException e) {
      return fail("port " + port + " of " + host.getHostAddress() + " is in use; choose another");
    } catch (IOException e) {
      return fail("the broker cannot start: " + e.getMessage());
    }
  }

  private void serve() throws IOException, InterruptedException {
    JsonNode read = JsonMapper.builder().build().readTree(Files.readString(users));
    Optional<Writer> journal = openJournal();
    Broker broker =
        Broker.start(
            new Broker.Settings(
                new InetSocketAddress(host, port),
                read,
                journal,
                Duration.ofMillis(activeWindowMillis),
                loginBudget,
                Clock.systemUTC()));
    System.out.println("broker listening on " + host.getHostAddress() + ":" + broker.port());
    System.out.flush();
    new CountDownLatch(1).await();
  }

  private Optional<Writer> openJournal() throws IOException {
    if (events == null) {
      return Optional.empty();
    }
    return Optional.of(
        Files.newBufferedWriter(
            events, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  private static int fail(String message) {
    System.err.println(message);
    return 1;
  }
}
