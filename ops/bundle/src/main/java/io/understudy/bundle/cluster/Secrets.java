package io.understudy.bundle.cluster;

import io.understudy.settings.Section;

/** Keys under which somebody might write a secret into a file that is shared and kept. */
final class Secrets {
  private Secrets() {}

  /** Notes each of the keys that stands there; its value is never shown. */
  static void refuse(Section section, String... keys) {
    for (String key : keys) {
      if (section.has(key)) {
        section.tolerate(key);
        section.reject(
            key,
            "does not belong in this file, which holds no secrets (remove it; install.sh asks for"
                + " it on the nodes)");
      }
    }
  }
}
