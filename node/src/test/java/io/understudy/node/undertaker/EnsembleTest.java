package io.understudy.node.undertaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.undertaker.Ensemble.Ending;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that answer badly, played by a script of one list of answers per connection. */
@Timeout(30)
class EnsembleTest {
  private static final long ID = 4_711;
  private static final int SESSION_MOVED = -118;
  private static final Record WELCOME = new ConnectResponse(0, 6_000, ID, new byte[16], false);
  private static final Record NO_SUCH_SESSION = new ConnectResponse(0, 0, 0, new byte[16], false);
  private static final Record CLOSED = new ReplyHeader(1, 9, 0);

  private final Queue<List<Record>> script = new ArrayDeque<>();

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private ServerSocket server;

  @BeforeEach
  void open() throws Exception {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private Ending ask(List<List<Record>> answers) throws Exception {
    script.addAll(answers);
    Thread _ = Thread.ofVirtual().start(this::serve);
    return Ensemble.of(
            new LifeRecord.Session(
                "127.0.0.1:" + server.getLocalPort(),
                ID,
                "00".repeat(16),
                Duration.ofSeconds(6),
                Optional.empty()))
        .close();
  }

  /** Each request is answered by the next message; when there is none, the connection is closed. */
  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        for (Record answer : Optional.ofNullable(script.poll()).orElseGet(List::of)) {
          if (!(answer instanceof ReplyHeader header) || header.getXid() > 0) {
            in.skipNBytes(in.readInt());
          }
          byte[] bytes = bytes(answer);
          out.writeInt(bytes.length);
          out.write(bytes);
        }
      } catch (IOException _) {
        // The next connection follows its own script.
      }
    }
  }

  private static byte[] bytes(Record record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.serialize(BinaryOutputArchive.getArchive(bytes), "answer");
    return bytes.toByteArray();
  }

  @Test
  void aCloseThatIsConfirmedIsAClose() throws Exception {
    assertThat(ask(List.of(List.of(WELCOME, CLOSED)))).isInstanceOf(Ending.Closed.class);
  }

  @Test
  void aSessionThatIsNotThereIsOver() throws Exception {
    assertThat(ask(List.of(List.of(NO_SUCH_SESSION)))).isInstanceOf(Ending.Over.class);
  }

  @Test
  void aLostAnswerIsSettledByTheNextConnect() throws Exception {
    assertThat(ask(List.of(List.of(WELCOME), List.of(NO_SUCH_SESSION))))
        .isInstanceOf(Ending.Over.class);
  }

  @Test
  void aSessionThatWasMovedIsMovedBackByTheNextTry() throws Exception {
    Record moved = new ReplyHeader(1, 9, SESSION_MOVED);
    assertThat(ask(List.of(List.of(WELCOME, moved), List.of(WELCOME, CLOSED))))
        .isInstanceOf(Ending.Closed.class);
  }

  @Test
  void whatWasNotAskedForIsPassedOver() throws Exception {
    Record notification = new ReplyHeader(-1, 9, 0);
    assertThat(ask(List.of(List.of(WELCOME, notification, CLOSED))))
        .isInstanceOf(Ending.Closed.class);
  }

  @Test
  void aServerThatRefusesEachTimeLeavesItUnknown() throws Exception {
    Record moved = new ReplyHeader(1, 9, SESSION_MOVED);
    Ending ending = ask(List.of(List.of(WELCOME, moved), List.of(WELCOME, moved)));
    assertThat(ending).isInstanceOf(Ending.Unknown.class);
    assertThat(((Ending.Unknown) ending).sentence()).contains("error " + SESSION_MOVED);
  }

  @Test
  void aProgramThatSpeaksSomethingElseLeavesItUnknown() throws Exception {
    try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                while (!web.isClosed()) {
                  try (Socket client = web.accept()) {
                    client
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                  } catch (IOException _) {
                    // The next one is answered alike.
                  }
                }
              });
      Ending ending =
          Ensemble.of(
                  new LifeRecord.Session(
                      "127.0.0.1:" + web.getLocalPort(),
                      ID,
                      "00".repeat(16),
                      Duration.ofSeconds(6),
                      Optional.empty()))
              .close();
      assertThat(ending).isInstanceOf(Ending.Unknown.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.77.0.1:2281, 10.77.0.1, 2281",
    "zk1, zk1, 2181",
    "[::1]:2281, ::1, 2281",
    "[fd00::7], fd00::7, 2181"
  })
  void aServerIsAHostWithAPort(String server, String host, int port) {
    InetSocketAddress address = Ensemble.address(server);
    assertThat(address.getHostString()).isEqualTo(host);
    assertThat(address.getPort()).isEqualTo(port);
  }

  @Test
  void theRootBehindTheServersIsNoServer() {
    assertThat(Ensemble.servers("a:1, b:2,c:3/understudy")).containsExactly("a:1", "b:2", "c:3");
  }
}
