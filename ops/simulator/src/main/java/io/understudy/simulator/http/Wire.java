package io.understudy.simulator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The parts of HTTP/1.1 that requests and answers share. Everything read is bounded. */
final class Wire {
  private static final int LINE_LENGTH_MAX = 16 * 1024;
  private static final int FIELDS_MAX = 200;
  private static final int BODY_LENGTH_MAX = 4 * 1024 * 1024;

  private Wire() {}

  /** Reads a line without its line end; null at the end of the stream. */
  static @Nullable String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int octet = in.read(); ; octet = in.read()) {
      if (octet < 0) {
        return line.size() == 0 ? null : line.toString(ISO_8859_1);
      }
      if (octet == '\n') {
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      if (line.size() == LINE_LENGTH_MAX) {
        throw new IOException("line longer than " + LINE_LENGTH_MAX);
      }
      line.write(octet);
    }
  }

  static Headers readHeaders(InputStream in) throws IOException {
    Headers headers = new Headers();
    for (int count = 0; count < FIELDS_MAX; count++) {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("end of stream within the header");
      }
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("header line without a name");
      }
      headers.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    throw new IOException("more than " + FIELDS_MAX + " header fields");
  }

  static boolean isChunked(Headers headers) {
    return headers
        .first("Transfer-Encoding")
        .filter(v -> v.equalsIgnoreCase("chunked"))
        .isPresent();
  }

  static byte[] readFixed(InputStream in, String length) throws IOException {
    int count;
    try {
      count = Integer.parseInt(length.strip());
    } catch (NumberFormatException e) {
      throw new IOException("unreadable Content-Length", e);
    }
    if (count < 0 || count > BODY_LENGTH_MAX) {
      throw new IOException("body longer than " + BODY_LENGTH_MAX);
    }
    byte[] body = in.readNBytes(count);
    if (body.length < count) {
      throw new EOFException("end of stream within the body");
    }
    return body;
  }

  static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("end of stream within a chunk");
      }
      int semicolon = line.indexOf(';');
      int length = parseHex(semicolon < 0 ? line : line.substring(0, semicolon));
      if (body.size() + length > BODY_LENGTH_MAX) {
        throw new IOException("body longer than " + BODY_LENGTH_MAX);
      }
      if (length == 0) {
        var _ = readHeaders(in);
        return body.toByteArray();
      }
      byte[] chunk = in.readNBytes(length);
      if (chunk.length < length) {
        throw new EOFException("end of stream within a chunk");
      }
      body.writeBytes(chunk);
      var _ = readLine(in);
    }
  }

  static byte[] readToEnd(InputStream in) throws IOException {
    byte[] body = in.readNBytes(BODY_LENGTH_MAX + 1);
    if (body.length > BODY_LENGTH_MAX) {
      throw new IOException("body longer than " + BODY_LENGTH_MAX);
    }
    return body;
  }

  private static int parseHex(String text) throws IOException {
    try {
      int value = Integer.parseInt(text.strip(), 16);
      if (value < 0) {
        throw new IOException("unreadable chunk length");
      }
      return value;
    } catch (NumberFormatException e) {
      throw new IOException("unreadable chunk length", e);
    }
  }

  /** The head in bytes, ready to be written together with the body. */
  static byte[] head(String startLine, Headers headers) {
    StringBuilder text = new StringBuilder(startLine).append("\r\n");
    for (Headers.Field field : headers.fields()) {
      text.append(field.name()).append(": ").append(field.value()).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }
}
