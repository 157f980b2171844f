package io.understudy.bundle.render;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

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
  private static final String ALL_PERMISSIONS = "rwxrwxrwx";

  /** A file that everybody on the host may read. */
  public static RenderedFile open(String target, String content) {
    return new RenderedFile(target, content, "0644", "root:root");
  }

  /** A file that only its owner may read. */
  public static RenderedFile secret(String target, String content, String user) {
    return new RenderedFile(target, content, "0600", user + ":" + user);
  }

  /** Whether it holds something that nobody but its owner may see. */
  public boolean secret() {
    return mode.equals("0600");
  }

  /** The mode as the JDK takes it. */
  public ImmutableSet<PosixFilePermission> permissions() {
    int bits = Integer.parseInt(mode, 8);
    StringBuilder symbols = new StringBuilder(ALL_PERMISSIONS);
    for (int i = 0; i < symbols.length(); i++) {
      if ((bits >> (symbols.length() - 1 - i) & 1) == 0) {
        symbols.setCharAt(i, '-');
      }
    }
    return ImmutableSet.copyOf(PosixFilePermissions.fromString(symbols.toString()));
  }
}
