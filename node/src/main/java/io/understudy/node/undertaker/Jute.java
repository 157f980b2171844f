package io.understudy.node.undertaker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * The four messages of ZooKeeper's own protocol (jute) that end a session: connect with id and
 * password, and close. Big-endian; a buffer is its length and its bytes. Here without the length of
 * the whole that precedes each on the wire.
 */
final class Jute {
  private static final int PROTOCOL_VERSION = 0;
  private static final int CLOSE_SESSION = -11;
  private static final int PASSWORD_LENGTH_MAX = 1_024;

  private Jute() {}

  /**
   * The answer to a connect.
   *
   * @param sessionId that was asked for; 0 when there is no such session with that password
   */
  record Connected(long sessionId, Duration timeout) {
    boolean refused() {
      return sessionId == 0 || !timeout.isPositive();
    }
  }

  /**
   * The head of every other answer.
   *
   * @param xid of the request; negative for what was not asked for
   * @param error 0 for success
   */
  record Answer(int xid, int error) {}

  /** Asks for a session that exists already. */
  static byte[] connect(Duration timeout, long sessionId, byte[] password) {
    return written(out -> {
      out.writeInt(PROTOCOL_VERSION);
      out.writeLong(0); // No transaction was seen: any server may answer.
      out.writeInt(Math.toIntExact(timeout.toMillis()));
      out.writeLong(sessionId);
      out.writeInt(password.length);
      out.write(password);
      out.writeBoolean(false); // Not with a server that only reads.
    });
  }

  static Connected connected(byte[] message) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
      int _ = in.readInt();
      Duration timeout = Duration.ofMillis(in.readInt());
      long sessionId = in.readLong();
      int length = in.readInt();
      if (length > PASSWORD_LENGTH_MAX) {
        throw new IOException("not an answer to a connect");
      }
      in.skipNBytes(Math.max(0, length));
      return new Connected(sessionId, timeout);
    }
  }

  static byte[] closeSession(int xid) {
    return written(out -> {
      out.writeInt(xid);
      out.writeInt(CLOSE_SESSION);
    });
  }

  static Answer answer(byte[] message) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(message))) {
      int xid = in.readInt();
      long _ = in.readLong();
      return new Answer(xid, in.readInt());
    }
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
