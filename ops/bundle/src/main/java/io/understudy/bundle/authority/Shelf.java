package io.understudy.bundle.authority;

import java.nio.file.Path;
import java.util.Optional;

/** Where keys and certificates lie, by their name within the authority's folder. */
interface Shelf {
  /** For sentences. */
  Path path(String name);

  /** The content of a file; empty when there is none. */
  Optional<String> read(String name);

  /** Replaces or makes a file. */
  void write(String name, String content);

  /** Deletes a folder with all that it holds, if there is one. */
  void delete(String name);
}
