package io.understudy.controller.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What is in an archive, by name. */
public record Archive(ImmutableMap<String, String> parts) {
  public static Archive read(Path file) throws IOException {
    ImmutableMap.Builder<String, String> parts = ImmutableMap.builder();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        parts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return new Archive(parts.buildOrThrow());
  }

  public String part(String name) {
    assertThat(parts).containsKey(name);
    return String.valueOf(parts.get(name));
  }

  /** Neither a name nor a text has a secret, as it is or in another form. */
  public void holdsNoneOf(Map<String, String> secrets) {
    secrets.forEach((name, secret) -> {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      lacks(name, secret);
      lacks(name + " in JSON", secret.replace("\"", "\\\""));
      lacks(name + " in hex", BaseEncoding.base16().encode(bytes));
      lacks(
          name + " in base64",
          Base64.getEncoder()
              .withoutPadding()
              .encodeToString(bytes)
              .substring(0, bytes.length * 8 / 6));
      // Behind one, two or three characters: what of it depends on the secret alone.
      for (int before = 1; before <= 3; before++) {
        String encoded =
            Base64.getEncoder()
                .encodeToString(("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8));
        lacks(
            name + " in base64 behind " + before,
            encoded.substring(Math.ceilDiv(before * 8, 6), (before + bytes.length) * 8 / 6));
      }
    });
  }

  private void lacks(String what, String form) {
    parts.forEach((part, text) -> {
      assertThat(part.toLowerCase(Locale.ROOT)).as(what).doesNotContain(form);
      assertThat(text.contains(form)).as("%s in %s", what, part).isFalse();
      assertThat(text.contains(form.toLowerCase(Locale.ROOT))).as("%s in %s", what, part).isFalse();
    });
  }
}
