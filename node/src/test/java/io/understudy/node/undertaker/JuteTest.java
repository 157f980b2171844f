package io.understudy.node.undertaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our messages are those of ZooKeeper's own library, byte for byte. */
class JuteTest {
  private static final byte[] PASSWORD = {-128, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 127};

  private static byte[] library(Record record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.serialize(BinaryOutputArchive.getArchive(bytes), "message");
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "6000, 72057628398649344",
    "2000, 1",
    "60000, -1",
    "4000, -9223372036854775808",
    "10000, 9223372036854775807"
  })
  void aConnectIsWrittenAsTheLibraryWritesIt(int timeoutMillis, long sessionId) throws Exception {
    assertThat(Jute.connect(Duration.ofMillis(timeoutMillis), sessionId, PASSWORD))
        .isEqualTo(library(new ConnectRequest(0, 0, timeoutMillis, sessionId, PASSWORD, false)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 64})
  void aPasswordMayHaveAnyLength(int length) throws Exception {
    byte[] password = Arrays.copyOf(PASSWORD, length);
    assertThat(Jute.connect(Duration.ofSeconds(6), 7, password))
        .isEqualTo(library(new ConnectRequest(0, 0, 6_000, 7, password, false)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4711})
  void aCloseIsWrittenAsTheLibraryWritesIt(int xid) throws Exception {
    assertThat(Jute.closeSession(xid))
        .isEqualTo(library(new RequestHeader(xid, OpCode.closeSession)));
  }

  @ParameterizedTest
  @CsvSource({
    "6000, 72057628398649344, false",
    "4000, -1, false",
    "0, 0, true",
    "0, 72057628398649344, true",
    "-1, 72057628398649344, true",
    "6000, 0, true"
  })
  void anAnswerToAConnectIsReadAsTheLibraryWritesIt(
      int timeoutMillis, long sessionId, boolean refused) throws Exception {
    Jute.Connected answer =
        Jute.connected(library(new ConnectResponse(0, timeoutMillis, sessionId, PASSWORD, false)));
    assertThat(answer).isEqualTo(new Jute.Connected(sessionId, Duration.ofMillis(timeoutMillis)));
    assertThat(answer.refused()).isEqualTo(refused);
  }

  @Test
  void anAnswerToAConnectMayEndBeforeWhatOldServersDidNotKnow() throws Exception {
    byte[] whole = library(new ConnectResponse(0, 6_000, 7, PASSWORD, false));
    assertThat(Jute.connected(Arrays.copyOf(whole, whole.length - 1)).sessionId()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, -118", "1, -112", "-1, 0", "-2, 0"})
  void anAnswerIsReadAsTheLibraryWritesIt(int xid, int error) throws Exception {
    assertThat(Jute.answer(library(new ReplyHeader(xid, 4_711, error))))
        .isEqualTo(new Jute.Answer(xid, error));
  }

  @Test
  void whatIsTooShortOrNoAnswerAtAllIsAnError() {
    assertThatThrownBy(() -> Jute.connected(new byte[3])).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Jute.answer(new byte[15])).isInstanceOf(IOException.class);
    byte[] http = "HTTP/1.1 400 Bad Request....".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Jute.connected(http)).isInstanceOf(IOException.class);
  }
}
