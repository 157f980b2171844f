package io.understudy.controller.support;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.Coordination;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.ManifestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.Collectors;

/** The files of a host, with secrets where they belong and everywhere else. */
public final class SecretHost {
  private static final String PASSWORD = "corr\"ect ho/rse+b&tt%ry";
  private static final String TOTP = "JBSWY3DPEHPK3PXPGEZDGNBVGY3TQOJQ";
  private static final String SESSION = "9f86d081884c7d659a2feaa0c55ad015";
  private static final String TOKEN = "viewer-3b5d5c3712955042212316173ccf37be";
  private static final String BOT = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK";

  private final Path root;
  private final String nodeKey = privateKey();
  private final String serverKey = privateKey();
  private final String tunnelKey = tunnelKey(1);
  private final String sharedKey = tunnelKey(2);

  public SecretHost(Path root) {
    this.root = root;
  }

  private static String privateKey() {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(256);
      byte[] key = keys.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String tunnelKey(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first * 37 + i * 91);
    }
    return Base64.getEncoder().encodeToString(key);
  }

  /** By name; of private keys the line that gives them away. */
  public ImmutableMap<String, String> secrets() {
    return ImmutableMap.<String, String>builder()
        .put("username", "jdoe4711")
        .put("password", PASSWORD)
        .put("TOTP secret", TOTP)
        .put("session password", SESSION)
        .put("viewer token", TOKEN)
        .put("bot token", BOT)
        .put("node key", nodeKey.lines().toList().get(1))
        .put("server key", serverKey.lines().toList().get(1))
        .put("tunnel key", tunnelKey)
        .put("pre-shared key", sharedKey)
        .buildOrThrow();
  }

  /** What a careless program might write: each secret as it is and in other forms. */
  public String leaks() {
    return secrets().values().stream().map(SecretHost::leak).collect(Collectors.joining())
        + nodeKey
        + inBase64(serverKey)
        + "\n"
        + BaseEncoding.base16().encode(Base64.getDecoder().decode(tunnelKey))
        + "\nAuthorization: Bearer AbCdEf0123456789\n"
        + "jdbc:postgresql://reader:s3same-open@10.0.0.1/trading?password=other-s3cret\n";
  }

  private static String leak(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    return "plain "
        + secret
        + "\njson {\"line\":\""
        + secret.replace("\"", "\\\"")
        + "\"}\nbasic "
        + inBase64("a:" + secret)
        + " "
        + inBase64("jd:" + secret + ":x")
        + " "
        + inBase64(secret)
        + "\nhex "
        + BaseEncoding.base16().lowerCase().encode(bytes)
        + " "
        + BaseEncoding.base16().encode(bytes)
        + "\n";
  }

  private static String inBase64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Lays out everything.
   *
   * @param http where the node answers
   */
  public SecretHost lay(String http) throws IOException {
    String credentials = "/etc/understudy/credentials/";
    file(credentials + "live-username", "jdoe4711\n");
    file(credentials + "live-password", PASSWORD + "\n");
    file(credentials + "live-totp", TOTP + "\n");
    file("/etc/understudy/secrets/telegram", BOT + "\n");
    file("/etc/understudy/viewer-token", TOKEN + "\n");
    file("/etc/understudy/tls/node.key", nodeKey);
    file("/etc/understudy-zookeeper/server.pem", serverKey + leaksNothing());
    file(
        "/etc/wireguard/wg0.conf",
        "[Interface]\nPrivateKey = "
            + tunnelKey
            + "\n\n[Peer]\nPresharedKey = "
            + sharedKey
            + "\n");
    file("/etc/understudy/understudyd.yaml", yaml(http));
    file(
        "/etc/systemd/system/understudyd.service",
        "[Service]\nEnvironment=API_TOKEN=abc123\n#" + leaks());
    file("/usr/lib/os-release", "PRETTY_NAME=\"Debian\"\n" + leaks());
    file("/var/lib/understudy/life.record", "version=1\nsession.password=" + SESSION + "\n");
    file("/var/lib/understudy/journal/journal.jsonl", "{\"at\":1}\n" + leaks());
    Files.createSymbolicLink(
        root.resolve("var/lib/understudy/journal/journal.1.jsonl"),
        root.resolve("etc/understudy/credentials/live-password"));
    file(HostManifest.TARGET, ManifestJson.write(manifest()));
    return this;
  }

  private static String leaksNothing() {
    return "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  }

  private String yaml(String http) {
    return """
    cluster: main
    state-directory: /var/lib/understudy
    http: {listen: ["%s"]}
    telegram: {token-file: secrets/telegram}
    api: {key: /etc/understudy/tls/node.key}
    gateways:
      live:
        username-file: /run/credentials/understudyd.service/live-username
        password-file: /run/credentials/understudyd.service/live-password
        password: "somebody wrote it here"
    # %s
    """
        .formatted(http, leaks().replace("\n", "\n# "));
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static HostManifest manifest() {
    return new HostManifest(
        HostManifest.VERSION,
        "main",
        "alpha",
        HostRole.OPERATOR,
        "10.77.0.10",
        "",
        "10.77.0.0/24",
        ImmutableList.of(),
        ImmutableList.of(
            new InstalledFile("/etc/systemd/system/understudyd.service", "0644", "root:root"),
            new InstalledFile("/etc/understudy-zookeeper/server.pem", "0600", "zk:zk"),
            new InstalledFile("/etc/understudy/none.conf", "0644", "root:root"),
            new InstalledFile("/etc/understudy/tls/node.key", "0600", "root:root"),
            new InstalledFile("/etc/understudy/understudyd.yaml", "0644", "root:root"),
            new InstalledFile("/etc/wireguard/wg0.conf", "0600", "root:root")),
        ImmutableList.of("live-username", "live-password", "live-totp"),
        ImmutableList.of("understudyd.service"),
        ImmutableList.of(),
        new Coordination(ImmutableList.of(), 6_000, 500),
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of());
  }
}
