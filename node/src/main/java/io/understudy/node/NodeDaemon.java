package io.understudy.node;

import io.understudy.node.api.ApiServer;
import io.understudy.node.config.NodeConfig;
import io.understudy.node.http.HttpEndpoints;
import io.understudy.node.loop.ControlLoop;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.ServiceReports;
import io.understudy.node.page.PageServer;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Supervisor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the daemon. The loop starts first, and its first deed is to fence whatever gateway a
 * former life left behind; only then does anything connect. SIGTERM asks the loop to give up in
 * good order; everything is closed when it has.
 */
final class NodeDaemon {
  private static final Logger log = LoggerFactory.getLogger(NodeDaemon.class);
  private static final Duration END_MAX = Duration.ofSeconds(5);

  private final Wiring wiring;
  private final ControlLoop loop;
  private final Supervisor supervisor;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean closed;
  private Optional<ApiServer> api = Optional.empty();
  private Optional<HttpEndpoints> http = Optional.empty();
  private Optional<PageServer> page = Optional.empty();
  private final AtomicReference<ControlLoop.End> end = new AtomicReference<>(ControlLoop.End.BUG);

  private NodeDaemon(Wiring wiring) {
    this.wiring = wiring;
    this.loop = wiring.loop();
    this.supervisor = wiring.supervisor();
    NodeControl.Subscription _ = loop.subscribe(new ServiceReports(supervisor));
  }

  /** Starts everything, or stops what was started and throws one clear sentence. */
  static NodeDaemon start(NodeConfig config) throws DriverException {
    config.describe().forEach(line -> log.info("Configured {}", line));
    NodeDaemon daemon = new NodeDaemon(Wiring.of(config));
    Thread.ofPlatform().name("control-loop").start(daemon::runLoop);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(daemon::stopAndHalt));
    boolean connected = false;
    try {
      daemon.connect(config);
      connected = true;
    } finally {
      if (!connected) {
        daemon.stop();
      }
    }
    log.info("Started node={} api={}", config.node(), config.api().advertise());
    return daemon;
  }

  private void connect(NodeConfig config) throws DriverException {
    CoordinationDriver coordination = wiring.coordination();
    api = Optional.of(wiring.startApi());
    http = Optional.of(wiring.startHttp());
    page = wiring.startPage();
    coordination.start(loop.self(), loop.listener(), config.coordination().startTimeout());
  }

  private void runLoop() {
    try {
      end.set(loop.run());
    } finally {
      ended.countDown();
    }
  }

  /** Waits until the loop has ended, closes everything, and returns the exit status. */
  int awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    close();
    return status();
  }

  private int status() {
    return switch (end.get()) {
      case STOPPED -> 0;
      case STOPPED_BY_FORCE -> 3;
      case BUG -> 70;
    };
  }

  private void stopAndHalt() {
    stop();
    Runtime.getRuntime().halt(status());
  }

  private void stop() {
    supervisor.stopping();
    loop.stop();
    try {
      if (!ended.await(wiring.stopTimeout().plus(END_MAX).toMillis(), TimeUnit.MILLISECONDS)) {
        log.error("The control loop did not end in time, the process ends all the same");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    api.ifPresent(ApiServer::close);
    http.ifPresent(HttpEndpoints::close);
    page.ifPresent(PageServer::close);
    loop.close();
    if (!loop.fenced()) {
      log.error("Left the coordination session open, because a gateway may still run");
    }
    wiring.close(loop.fenced());
    log.info("Stopped end={}", end.get());
  }
}
