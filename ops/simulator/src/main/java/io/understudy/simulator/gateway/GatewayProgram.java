package io.understudy.simulator.gateway;

import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpListener;
import io.understudy.simulator.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The stand-in as a program.
 *
 * <p>Its odd ways are those of the genuine one: a busy port or an unusable keystore does not end
 * it, an unknown key of conf.yaml does, and SIGTERM ends it without a logout.
 */
public final class GatewayProgram implements AutoCloseable {
  private final GatewayConfig config;
  private final GatewayServer server;
  private final PresenceLink presence;
  private final OwnSession session;
  private volatile Optional<HttpListener> listener = Optional.empty();
  private volatile Optional<ServerSocket> deadListener = Optional.empty();

  private GatewayProgram(Path workingDirectory, GatewayConfig config, GatewayOptions options)
      throws IOException {
    this.config = config;
    CookieJar cookies = new CookieJar();
    GatewayLog log = new GatewayLog(workingDirectory);
    Upstream upstream = new Upstream(config.proxyRemoteHost(), cookies, options.name());
    presence = new PresenceLink(config.proxyRemoteHost(), upstream, this::obey);
    session =
        new OwnSession(
            upstream,
            log,
            options.authDelay().orElse(config.authDelay()),
            options.tickle(),
            options.validatePause(),
            config.ssoPing());
    server = new GatewayServer(config, cookies, upstream, session, presence::cleared, log);
  }

  /** Runs until a signal ends the process; exits with 1 if the configuration cannot be read. */
  public static void run(String[] arguments) throws InterruptedException {
    Path workingDirectory = Path.of("").toAbsolutePath();
    System.out.println("Client Portal Gateway (stand-in of the Understudy simulator)");
    try {
      Path conf = confFile(workingDirectory, arguments);
      GatewayOptions options = GatewayOptions.read(workingDirectory);
      GatewayProgram program = start(workingDirectory, GatewayConfig.read(conf), options);
      System.out.println("version: simulator");
      System.out.println("Open " + program.address() + " to login");
      System.out.flush();
    } catch (IOException | ConfigException e) {
      System.err.println("Failed to start: conf.yaml: " + e.getMessage());
      System.exit(1);
    }
    new CountDownLatch(1).await();
  }

  /** Starts the stand-in within this process. */
  static GatewayProgram start(Path workingDirectory, GatewayConfig config, GatewayOptions options)
      throws IOException {
    GatewayProgram program = new GatewayProgram(workingDirectory, config, options);
    program.presence.start();
    if (options.startFault().filter("deaf"::equals).isEmpty()) {
      program.listen();
    }
    options.startFault().ifPresent(program::obey);
    return program;
  }

  /** The port in use; that of the configuration if listening failed. */
  int port() {
    return listener.map(HttpListener::port).orElse(config.listenPort());
  }

  /** Ends everything that this object started, as the end of the process does. */
  @Override
  public void close() {
    stopListening();
    presence.close();
    session.close();
  }

  private String address() {
    return (config.listenSsl() ? "https" : "http") + "://localhost:" + port();
  }

  private void listen() {
    InetSocketAddress address = new InetSocketAddress(config.listenPort());
    try {
      Optional<SSLContext> tls = config.listenSsl() ? Optional.of(tls()) : Optional.empty();
      listener = Optional.of(HttpListener.open(address, tls, this::answer));
    } catch (BindException e) {
      System.out.println("Server listen failed Address already in use");
    } catch (GeneralSecurityException | IOException e) {
      System.out.println("Server TLS failed " + e.getMessage());
      listenWithoutTls(address);
    }
  }

  /** The port is open and no handshake ever succeeds. */
  private void listenWithoutTls(InetSocketAddress address) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(address);
      deadListener = Optional.of(socket);
      var _ =
          Thread.ofVirtual()
              .name("without-tls")
              .start(() -> {
                while (!socket.isClosed()) {
                  try {
                    socket.accept().close();
                  } catch (IOException e) {
                    // One connection less; all are closed anyway.
                  }
                }
              });
    } catch (IOException e) {
      System.out.println("Server listen failed Address already in use");
    }
  }

  private Answer answer(HttpRequest request) {
    return server.answer(request);
  }

  private SSLContext tls() throws GeneralSecurityException, IOException {
    char[] password = config.keystorePassword().toCharArray();
    KeyStore store = KeyStore.getInstance("JKS");
    try (InputStream in = Files.newInputStream(config.keystore())) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Does what the broker or an option wants to go wrong in this program itself. */
  private void obey(String order) {
    String[] words = order.split(" ", 2);
    switch (words[0]) {
      case "hang" -> server.setHanging(true);
      case "resume" -> server.setHanging(false);
      case "deaf" -> stopListening();
      case "exit" -> Runtime.getRuntime().halt(words.length > 1 ? Integer.parseInt(words[1]) : 1);
      default -> System.err.println("Ignored an unknown order");
    }
  }

  private void stopListening() {
    listener.ifPresent(HttpListener::close);
    try {
      if (deadListener.isPresent()) {
        deadListener.get().close();
      }
    } catch (IOException e) {
      System.err.println("Failed to stop listening");
    }
  }

  /** The genuine program takes the path relative to {@code bin/}, wherever it was started. */
  private static Path confFile(Path workingDirectory, String[] arguments) throws ConfigException {
    String given = "../root/conf.yaml";
    for (int index = 0; index + 1 < arguments.length; index++) {
      if (arguments[index].equals("--conf")) {
        given = arguments[index + 1];
      }
    }
    for (Path candidate :
        List.of(workingDirectory.resolve("bin").resolve(given), workingDirectory.resolve(given))) {
      if (Files.isRegularFile(candidate.normalize())) {
        return candidate.normalize();
      }
    }
    throw new ConfigException("there is no file " + given + " seen from bin/");
  }
}
