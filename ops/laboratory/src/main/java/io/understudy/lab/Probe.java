package io.understudy.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a node's plain HTTP. */
final class Probe {
  private static final int TIMEOUT_MILLIS = 1_000;

  private Probe() {}

  /** Whether the path is answered with 200; the answer is read to its end. */
  static boolean answers(Host host, int port, String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + host.address() + ":" + port + path).toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try {
        if (connection.getResponseCode() != 200) {
          return false;
        }
        connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        return true;
      } finally {
        connection.disconnect();
      }
    } catch (IOException _) {
      return false;
    }
  }
}
