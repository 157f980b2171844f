package io.understudy.node.config;

import com.google.errorprone.annotations.Immutable;
import java.nio.file.Path;

/**
 * PEM files of one end of a mutually authenticated connection.
 *
 * @param certificate own certificate, followed by intermediate ones
 * @param key its private key, PKCS#8, a secret file
 * @param authority whose certificates are trusted
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record TlsFiles(Path certificate, Path key, Path authority) {}
