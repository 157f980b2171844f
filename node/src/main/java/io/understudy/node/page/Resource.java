package io.understudy.node.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of the page, which lie in the program and hold nothing of a cluster. */
enum Resource {
  PAGE("page.html", "text/html; charset=utf-8"),
  SIGN_IN("sign-in.html", "text/html; charset=utf-8"),
  SCRIPT("page.js", "text/javascript; charset=utf-8"),
  STYLE("page.css", "text/css; charset=utf-8");

  private final String contentType;
  private final String text;

  Resource(String file, String contentType) {
    this.contentType = contentType;
    this.text = read(file);
  }

  String contentType() {
    return contentType;
  }

  String text() {
    return text;
  }

  private static String read(String file) {
    try (InputStream stream = Resource.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("the program lacks its file " + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
