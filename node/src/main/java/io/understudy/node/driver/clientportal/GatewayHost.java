package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and ends the gateway program of one gateway, at most one at a time.
 *
 * <p>{@link #start} is called by one thread at a time; {@link #end} and the questions by any.
 */
final class GatewayHost {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayHost.class);
  private static final Duration PAUSE = Duration.ofMillis(25);
  private static final Duration ORPHAN_TIME_MAX = Duration.ofSeconds(5);
  private static final Duration PORT_TIME_MAX = Duration.ofSeconds(1);
  private static final int CONNECT_MILLIS_MAX = 200;

  /** A gateway that was started, whether it still lives or not. */
  record Running(GatewayProcess process, GatewayCertificate certificate, GatewayCalls calls) {}

  private final ClientPortalSettings settings;
  private final RunDirectory directory;
  private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
  private volatile boolean searchedOrphans;

  GatewayHost(ClientPortalSettings settings, RunDirectory directory) {
    this.settings = settings;
    this.directory = directory;
  }

  /** The gateway of this life of the daemon, if one was started and not yet ended by us. */
  Optional<Running> running() {
    return Optional.ofNullable(running.get());
  }

  /** Whether a gateway of a former life of the daemon is still there. */
  boolean hasOrphan() {
    return !searchedOrphans && !OwnProcesses.find(directory.base(), directory.pidFile()).isEmpty();
  }

  /** Starts the program and returns when it answers with our certificate. */
  Running start(Cuts.Work work) throws DriverException {
    endOrphans(Countdown.of(ORPHAN_TIME_MAX));
    demandFreePort();
    directory.prepare();
    GatewayCertificate certificate = GatewayCertificate.createIn(directory.root());
    directory.writeConfiguration(certificate);
    demandUncut(work);
    Running started =
        new Running(
            GatewayProcess.start(settings, directory),
            certificate,
            new GatewayCalls(certificate, settings.port()));
    running.set(started);
    try {
      // Read only now: a fence that came between has either seen the process or is seen here.
      awaitAnswer(started, work);
    } catch (DriverException e) {
      // It serves nobody and holds the port: the next start begins afresh.
      var _ = endQuietly(started);
      throw e;
    }
    LOG.info(
        "Started gateway program gateway={} pid={} port={}",
        settings.gateway(),
        started.process().pid(),
        settings.port());
    return started;
  }

  /**
   * Ends the program, of this life or a former one, and verifies it. Idempotent.
   *
   * @throws DriverException if a process or our listener is still there at the deadline
   */
  void end(Countdown deadline) throws DriverException {
    endOrphans(deadline);
    Running ending = running.get();
    if (ending == null) {
      return;
    }
    if (!ending.process().end(settings.timings().terminateGrace(), deadline)) {
      throw DriverException.transientError(
          "The gateway process " + ending.process().pid() + " does not end, not even killed");
    }
    demandClosedPort(ending, deadline);
    ending.calls().close();
    if (running.compareAndSet(ending, null)) {
      LOG.info(
          "Ended gateway program gateway={} pid={}", settings.gateway(), ending.process().pid());
    }
  }

  private boolean endQuietly(Running failed) {
    boolean gone =
        failed.process().end(settings.timings().terminateGrace(), Countdown.of(ORPHAN_TIME_MAX));
    failed.calls().close();
    return gone && running.compareAndSet(failed, null);
  }

  private void endOrphans(Countdown deadline) throws DriverException {
    if (searchedOrphans) {
      return;
    }
    for (ProcessHandle orphan : OwnProcesses.find(directory.base(), directory.pidFile())) {
      LOG.warn(
          "Ending a gateway program of a former life gateway={} pid={}",
          settings.gateway(),
          orphan.pid());
      if (!OwnProcesses.end(orphan, settings.timings().terminateGrace(), deadline)) {
        throw DriverException.transientError(
            "The gateway process " + orphan.pid() + " of a former life does not end");
      }
    }
    searchedOrphans = true;
  }

  private void awaitAnswer(Running started, Cuts.Work work) throws DriverException {
    Countdown deadline = Countdown.of(settings.timings().start());
    GatewayProcess process = started.process();
    while (true) {
      demandUncut(work);
      if (!process.isAlive()) {
        throw DriverException.transientError(
            "The gateway program ended with "
                + process.exitCode().orElse(-1)
                + " right after its start"
                + process.lastWords());
      }
      switch (started.calls().get("/", deadline.left(settings.timings().localCall()))) {
        case Reply.Answered _ -> {
          return;
        }
        case Reply.Failed failed when failed.kind() == Reply.Failure.NOT_OURS -> throw busy();
        case Reply.Failed _ -> {}
      }
      if (deadline.isOver()) {
        throw DriverException.transientError(
            "The gateway program did not answer on port "
                + settings.port()
                + " within "
                + settings.timings().start().toSeconds()
                + " s"
                + process.lastWords());
      }
      if (!deadline.pause(PAUSE)) {
        throw DriverException.transientError("Interrupted while the gateway program started");
      }
    }
  }

  private static void demandUncut(Cuts.Work work) throws DriverException {
    if (work.isCut()) {
      throw DriverException.transientError("Starting the gateway was cut short by a fence");
    }
  }

  private void demandFreePort() throws DriverException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(settings.port()));
    } catch (IOException _) {
      throw busy();
    }
  }

  private DriverException busy() {
    return DriverException.transientError(
        "Port "
            + settings.port()
            + " of gateway '"
            + settings.gateway()
            + "' is in use by another program: end that program or choose another gateway.port");
  }

  private void demandClosedPort(Running ended, Countdown deadline) throws DriverException {
    Countdown patience = Countdown.of(deadline.left(PORT_TIME_MAX));
    while (isPortOpen()) {
      if (patience.isOver() || !patience.pause(PAUSE)) {
        if (ended.calls().get("/", settings.timings().localCall()) instanceof Reply.Answered) {
          throw DriverException.transientError(
              "Port " + settings.port() + " still answers although the gateway process is gone");
        }
        LOG.warn(
            "Found another program on the gateway's port gateway={} port={}",
            settings.gateway(),
            settings.port());
        return;
      }
    }
  }

  private boolean isPortOpen() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()),
          CONNECT_MILLIS_MAX);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
