package io.understudy.lab;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The credentials of the lab's only brokerage user, drawn at random, as files that only their owner
 * may read.
 *
 * @param totpSecret base32; empty without a second factor
 */
record LabSecrets(
    Path usernameFile,
    Path passwordFile,
    Path totpFile,
    String password,
    Optional<String> totpSecret) {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int SECRET_CHARACTERS = 32;

  static LabSecrets write(
      Path directory, LabSettings.SecondFactor secondFactor, SecureRandom random) {
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
    return new LabSecrets(
        PrivateFiles.write(directory.resolve("username"), LabCluster.USER + "\n"),
        PrivateFiles.write(directory.resolve("password"), password + "\n"),
        totpFile,
        password,
        secret);
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
    return "LabSecrets[" + usernameFile.getParent() + "]";
  }
}
