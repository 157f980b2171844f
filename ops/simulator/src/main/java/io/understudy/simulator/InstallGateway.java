package io.understudy.simulator;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import ibgroup.web.core.clientportal.gw.GatewayStart;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * Lays the stand-in out like the genuine program, so that {@code gateway.program: DIR} can name it.
 *
 * <p>{@code InstallGateway DIR [NAME=VALUE ...]}: the values are options of the stand-in, such as
 * {@code tickle=1s}, and are written to {@code DIR/simulator.properties}.
 */
public final class InstallGateway {
  private static final String PROGRAM = "ibgroup.web.core.iblink.router.clientportal.gw.jar";
  private static final List<Class<?>> LIBRARIES =
      List.of(
          ObjectMapper.class, JsonFactory.class, JsonInclude.class, YAMLFactory.class, Yaml.class);

  private static final String CONF =
      """
      ip2loc: "US"
      proxyRemoteSsl: true
      proxyRemoteHost: "https://api.ibkr.com"
      listenPort: 5000
      listenSsl: true
      ccp: false
      svcEnvironment: "v1"
      sslCert: "vertx.jks"
      sslPwd: "mywebapi"
      authDelay: 3000
      portalBaseURL: ""
      serverOptions:
        blockedThreadCheckInterval: 1000000
        eventLoopPoolSize: 20
        workerPoolSize: 20
        maxWorkerExecuteTime: 100
        internalBlockingPoolSize: 20
      cors:
        origin.allowed: "*"
        allowCredentials: false
      webApps:
        - name: "demo"
          index: "index.html"
      ips:
        allow:
          - 127.*
        deny:
          - 0.0.0.0/0
      """;

  private InstallGateway() {}

  public static void main(String[] arguments) {
    if (arguments.length == 0) {
      System.err.println("usage: InstallGateway DIR [NAME=VALUE ...]");
      System.exit(2);
    }
    try {
      install(Path.of(arguments[0]), List.of(arguments).subList(1, arguments.length));
    } catch (IOException e) {
      System.err.println("cannot install into " + arguments[0] + ": " + e.getMessage());
      System.exit(1);
    }
  }

  /** Installs into the directory, which is created if need be; existing files are replaced. */
  public static void install(Path directory, List<String> options) throws IOException {
    Path dist = Files.createDirectories(directory.resolve("dist"));
    Path runtime = Files.createDirectories(directory.resolve("build/lib/runtime"));
    Path root = Files.createDirectories(directory.resolve("root"));
    Path own = origin(GatewayStart.class);
    if (Files.isDirectory(own)) {
      pack(own, dist.resolve(PROGRAM));
    } else {
      Files.copy(own, dist.resolve(PROGRAM), StandardCopyOption.REPLACE_EXISTING);
    }
    for (Class<?> library : LIBRARIES) {
      Path jar = origin(library);
      Files.copy(jar, runtime.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(root.resolve("conf.yaml"), CONF);
    if (!options.isEmpty()) {
      Files.write(directory.resolve("simulator.properties"), options);
    }
  }

  private static Path origin(Class<?> type) throws IOException {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("cannot tell where " + type.getName() + " was loaded from", e);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream packed = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, packed);
        packed.closeEntry();
      }
    }
  }
}
