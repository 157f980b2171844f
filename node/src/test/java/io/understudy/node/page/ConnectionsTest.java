package io.understudy.node.page;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Too many connections from one address, before any of them has said a word. */
class ConnectionsTest {
  private static final int PATIENCE_MILLIS = 20_000;

  @TempDir private Path folder;

  @Test
  void oneTooManyFromAnAddressIsClosedWhileOthersAreHeardUntilThereIsRoomAgain() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try (OpenPage page = new OpenPage(folder, new FakeNodeControl(new ClusterScript().status()))) {
      for (int i = 0; i < Connections.PER_ADDRESS_MAX; i++) {
        silent.add(connection(page));
      }
      try (Socket oneTooMany = connection(page)) {
        assertThat(closed(oneTooMany)).isTrue();
      }
      var certificate = page.authority.issue("anna", "viewer");
      try (HttpClient elsewhere = page.client(certificate, "127.0.0.2")) {
        assertThat(status(elsewhere, page)).isEqualTo(200);
      }

      silent.getFirst().close();

      try (HttpClient next = page.client(certificate)) {
        eventually("room for one more", () -> heard(next, page));
      }
    } finally {
      for (Socket each : silent) {
        each.close();
      }
    }
  }

  private static Socket connection(OpenPage page) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.address().getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static boolean closed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException _) {
      return true;
    }
  }

  private static int status(HttpClient client, OpenPage page) throws Exception {
    return client.send(page.request("/").build(), BodyHandlers.discarding()).statusCode();
  }

  private static boolean heard(HttpClient client, OpenPage page) throws Exception {
    try {
      return status(client, page) == 200;
    } catch (IOException _) {
      return false;
    }
  }
}
