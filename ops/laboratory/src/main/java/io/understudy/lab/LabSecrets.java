package io.understudy.lab;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The credentials of the lab's brokerage users, drawn at random, as files that only their owner may
 * read. Usernames differ, one for each gateway; password and secret are everybody's.
 *
 * @param totpSecret base32; empty without a second factor
 */
record LabSecrets(
    Path directory,
    Path passwordFile,
    Path totpFile,
    Path viewerTokenFile,
    String password,
    Optional<String> totpSecret) {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int SECRET_CHARACTERS = 32;

  static LabSecrets write(
      Path directory, int gateways, LabSettings.SecondFactor secondFactor, SecureRandom random) {
    PrivateFiles.directory(directory);
    byte[] drawn = new byte[15];
    random.nextBytes(drawn);
    String password = Base64.getUrlEncoder().encodeToString(drawn);
    Optional<String> secret =
        switch (secondFactor) {
          case TOTP -> Optional.of(base32(random));
          case NONE -> Optional.empty();
        };
    Path totpFile = directory.resolve("totp-secret");
    secret.ifPresent(text -> PrivateFiles.write(totpFile, text + "\n"));
    for (int i = 0; i < gateways; i++) {
      PrivateFiles.write(usernameFile(directory, i), LabCluster.user(i) + "\n");
    }
    return new LabSecrets(
        directory,
        PrivateFiles.write(directory.resolve("password"), password + "\n"),
        totpFile,
        PrivateFiles.write(directory.resolve("viewer-token"), base32(random) + "\n"),
        password,
        secret);
  }

  Path usernameFile(int gateway) {
    return usernameFile(directory, gateway);
  }

  private static Path usernameFile(Path directory, int gateway) {
    return directory.resolve(LabCluster.gateway(gateway) + "-username");
  }

  private static String base32(SecureRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SECRET_CHARACTERS; i++) {
      text.append(BASE32.charAt(random.nextInt(BASE32.length())));
    }
    return text.toString();
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "LabSecrets[" + directory + "]";
  }
}
