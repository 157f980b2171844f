package io.understudy.node.spi;

/**
 * Reads a secret anew at each call, so that a rotated one is used at once; the permission check of
 * its file is part of that. Any thread. The exception says in one sentence what is wrong with the
 * file, and never repeats what is in it.
 */
@FunctionalInterface
public interface SecretSource {
  Secret read() throws DriverException;
}
