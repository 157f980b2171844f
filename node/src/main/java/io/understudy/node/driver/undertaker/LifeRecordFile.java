package io.understudy.node.driver.undertaker;

import com.google.common.collect.ImmutableList;
import io.understudy.node.config.TlsFiles;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.GatewayTraces;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.SessionRecord;
import io.understudy.node.undertaker.LifeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of this life in the state directory, replaced with each session and removed when the
 * last one was closed in good order. Gateways are recorded by how they are recognised and not by
 * what runs, so that a crash between the start of a program and a note of it hides nothing.
 */
public final class LifeRecordFile implements SessionRecord {
  private static final Logger LOG = LoggerFactory.getLogger(LifeRecordFile.class);

  private final Path stateDirectory;
  private final String connect;
  private final Duration sessionTimeout;
  private final Optional<LifeRecord.Tls> tls;
  private final ImmutableList<GatewayTraces> gateways;

  /** Writes nothing before the first session. */
  public LifeRecordFile(
      Path stateDirectory,
      String connect,
      Duration sessionTimeout,
      Optional<TlsFiles> tls,
      ImmutableList<GatewayTraces> gateways) {
    this.stateDirectory = stateDirectory;
    this.connect = connect;
    this.sessionTimeout = sessionTimeout;
    this.tls =
        tls.map(files ->
            new LifeRecord.Tls(
                files.certificate().toAbsolutePath(),
                files.key().toAbsolutePath(),
                files.authority().toAbsolutePath()));
    this.gateways = gateways;
  }

  @Override
  public void opened(SessionId session, Secret password) {
    List<LifeRecord.Gateway> recorded =
        gateways.stream()
            .map(traces ->
                new LifeRecord.Gateway(
                    traces.gateway().value(), traces.markers(), traces.pidFile(), traces.port()))
            .toList();
    try {
      new LifeRecord(
              LifeRecord.Life.current(),
              recorded,
              new LifeRecord.Session(
                  connect, session.value(), password.reveal(), sessionTimeout, tls))
          .write(stateDirectory);
    } catch (IOException e) {
      LOG.warn(
          "Could not leave the session for the undertaker, a crash would cost its timeout"
              + " directory={} reason=\"{}\"",
          stateDirectory,
          e.getMessage());
    }
  }

  @Override
  public void closed() {
    try {
      LifeRecord.remove(stateDirectory);
    } catch (IOException e) {
      LOG.warn("Could not remove the record for the undertaker reason=\"{}\"", e.getMessage());
    }
  }
}
