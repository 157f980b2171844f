package io.understudy.bundle.authority;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What lies in a folder, and over it what was written since, which nobody keeps. */
final class Draft implements Shelf {
  private final Folder folder;
  private final Map<String, String> written = new HashMap<>();

  Draft(Folder folder) {
    this.folder = folder;
  }

  @Override
  public Path path(String name) {
    return folder.path(name);
  }

  @Override
  public Optional<String> read(String name) {
    return Optional.ofNullable(written.get(name)).or(() -> folder.read(name));
  }

  @Override
  public void write(String name, String content) {
    written.put(name, content);
  }

  @Override
  public void delete(String name) {
    throw new UnsupportedOperationException("A draft deletes nothing: " + name);
  }
}
