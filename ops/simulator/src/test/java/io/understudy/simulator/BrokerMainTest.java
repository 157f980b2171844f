package io.understudy.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerMainTest {
  private static final String GOOD =
      "{\"users\": [{\"name\": \"ana\", \"password\": \"pw\", \"accounts\": [\"U1\"]}]}";

  private Path users;

  @BeforeEach
  void setUp(@TempDir Path folder) {
    users = folder.resolve("users.json");
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BrokerMain.class.getName());
    command.addAll(List.of("--users", users.toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String firstLine(Process process) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      return String.valueOf(reader.readLine());
    }
  }

  private void assertRefused(String line, String... options) throws Exception {
    Process process = start(options);
    assertThat(firstLine(process)).isEqualTo(line);
    assertThat(process.waitFor()).isEqualTo(1);
  }

  @Test
  void itSaysWhereItListens() throws Exception {
    Files.writeString(users, GOOD);
    Process process = start();
    try {
      assertThat(firstLine(process)).matches("broker listening on 127\\.0\\.0\\.1:[1-9][0-9]*");
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  void aMissingUsersFileIsNamed() throws Exception {
    assertRefused("there is no file " + users);
  }

  @Test
  void aMistakeInTheUsersFileIsNamed() throws Exception {
    Files.writeString(users, GOOD.replace("pw", ""));

    assertRefused(users + ": users: ana has no password");
  }

  @Test
  void aBusyPortIsNamed() throws Exception {
    Files.writeString(users, GOOD);
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());

      assertRefused("port " + port + " of 127.0.0.1 is in use; choose another", "--port", port);
    }
  }
}
