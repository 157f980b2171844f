package io.understudy.bundle.authority;

/** The state as it is on disk, and the only place that changes it: on disk first. */
final class Memory {
  private static final String FILE = "state";

  private final Folder folder;
  private State state;

  private Memory(Folder folder, State state) {
    this.folder = folder;
    this.state = state;
  }

  static Memory create(Folder folder, State state) {
    folder.write(FILE, StateFormat.text(state));
    return new Memory(folder, state);
  }

  static Memory open(Folder folder) {
    String text =
        folder
            .read(FILE)
            .orElseThrow(() ->
                new AuthorityException(
                    folder.path(FILE)
                        + " is missing: name the authority's folder with --authority, or restore"
                        + " it from a backup."));
    try {
      return new Memory(folder, StateFormat.parse(text));
    } catch (IllegalArgumentException e) {
      throw new AuthorityException(
          "%s cannot be used, %s: restore it from a backup."
              .formatted(folder.path(FILE), e.getMessage()));
    }
  }

  State state() {
    return state;
  }

  void save(State changed) {
    if (!changed.equals(state)) {
      folder.write(FILE, StateFormat.text(changed));
      state = changed;
    }
  }
}
