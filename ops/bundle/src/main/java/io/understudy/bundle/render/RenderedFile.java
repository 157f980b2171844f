package io.understudy.bundle.render;

import com.google.errorprone.annotations.Immutable;

/**
 * One file of a bundle, and how it lies on the host. All are text.
 *
 * @param target absolute path on the host; in the bundle it lies at {@code files/TARGET}
 * @param content UTF-8, ends with a line end
 * @param mode octal, e.g. {@code 0600}
 * @param owner {@code user:group} on the host, e.g. {@code root:root}, {@code
 *     understudy:understudy}
 */
@Immutable
public record RenderedFile(String target, String content, String mode, String owner) {
  /** A file that everybody on the host may read. */
  public static RenderedFile open(String target, String content) {
    return new RenderedFile(target, content, "0644", "root:root");
  }

  /** A file that only its owner may read. */
  public static RenderedFile secret(String target, String content, String user) {
    return new RenderedFile(target, content, "0600", user + ":" + user);
  }
}
