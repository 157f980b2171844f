package io.understudy.simulator.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Messages of RFC 6455 over a connection that has been taken over.
 *
 * <p>One thread reads; any thread may write. Pings are answered while reading.
 */
public final class WebSocket {
  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int MESSAGE_LENGTH_MAX = 1024 * 1024;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final DataInputStream in;
  private final OutputStream out;
  private final boolean masksOwnFrames;

  private WebSocket(InputStream in, OutputStream out, boolean masksOwnFrames) {
    this.in = new DataInputStream(in);
    this.out = out;
    this.masksOwnFrames = masksOwnFrames;
  }

  /** The side that was called. */
  public static WebSocket server(InputStream in, OutputStream out) {
    return new WebSocket(in, out, false);
  }

  /** The side that called. */
  public static WebSocket client(InputStream in, OutputStream out) {
    return new WebSocket(in, out, true);
  }

  /** Whether the request asks for a WebSocket. */
  public static boolean wanted(HttpRequest request) {
    return request.header("Upgrade").filter(v -> v.equalsIgnoreCase("websocket")).isPresent();
  }

  /** The head that agrees to the request. */
  public static HttpResponse accept(HttpRequest request) {
    String key = request.header("Sec-WebSocket-Key").orElse("");
    return HttpResponse.empty(101)
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Accept", acceptFor(key));
  }

  /** Adds what a caller has to send to be accepted. */
  public static void askFor(Headers headers) {
    byte[] nonce = new byte[16];
    ThreadLocalRandom.current().nextBytes(nonce);
    headers.set("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(nonce));
    headers.set("Sec-WebSocket-Version", "13");
  }

  static String acceptFor(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest((key + ACCEPT_SUFFIX).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  public void writeText(String text) throws IOException {
    write(TEXT, text.getBytes(UTF_8));
  }

  public void writeBinary(String text) throws IOException {
    write(BINARY, text.getBytes(UTF_8));
  }

  /** Says that nothing more will be written. */
  public void close() throws IOException {
    write(CLOSE, new byte[0]);
  }

  /** The next message, text or binary, as text; empty once the other side has closed. */
  public Optional<String> read() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int first = in.read();
      if (first < 0) {
        return Optional.empty();
      }
      byte[] payload = readPayload(MESSAGE_LENGTH_MAX - message.size());
      switch (first & 0x0F) {
        case CONTINUATION, TEXT, BINARY -> {
          message.writeBytes(payload);
          if ((first & 0x80) != 0) {
            return Optional.of(message.toString(UTF_8));
          }
        }
        case PING -> write(PONG, payload);
        case CLOSE -> {
          write(CLOSE, payload);
          return Optional.empty();
        }
        default -> {
          // A pong, or a control frame of the future.
        }
      }
    }
  }

  private byte[] readPayload(int lengthMax) throws IOException {
    int second = in.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    if (length < 0 || length > lengthMax) {
      throw new IOException("message longer than " + MESSAGE_LENGTH_MAX);
    }
    byte[] mask = (second & 0x80) != 0 ? in.readNBytes(4) : new byte[4];
    byte[] payload = in.readNBytes((int) length);
    if (mask.length < 4 || payload.length < length) {
      throw new EOFException("end of stream within a frame");
    }
    applyMask(payload, mask);
    return payload;
  }

  private void write(int opcode, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    int maskBit = masksOwnFrames ? 0x80 : 0;
    if (payload.length < 126) {
      frame.write(maskBit | payload.length);
    } else if (payload.length <= 0xFFFF) {
      frame.write(maskBit | 126);
      frame.write(payload.length >>> 8);
      frame.write(payload.length);
    } else {
      frame.write(maskBit | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >>> shift));
      }
    }
    byte[] body = payload.clone();
    if (masksOwnFrames) {
      byte[] mask = new byte[4];
      ThreadLocalRandom.current().nextBytes(mask);
      frame.writeBytes(mask);
      applyMask(body, mask);
    }
    frame.writeBytes(body);
    synchronized (out) {
      out.write(frame.toByteArray());
      out.flush();
    }
  }

  private static void applyMask(byte[] bytes, byte[] mask) {
    for (int index = 0; index < bytes.length; index++) {
      bytes[index] ^= mask[index % 4];
    }
  }
}
