package io.understudy.lab;

/**
 * One story of the lab of Debian hosts.
 *
 * @param name of a few words
 * @param purpose what it shows, as half a sentence
 * @param telling carries it out, or throws a {@link LabException}; returns what is worth knowing
 *     besides, as half a sentence, or an empty text
 * @param vital whether nothing can be told after it when it fails
 */
record HostStory(String name, String purpose, boolean vital, Telling telling) {
  /** What happens in it. */
  @FunctionalInterface
  interface Telling {
    String apply(HostsScene scene);
  }

  static HostStory of(String name, String purpose, Telling telling) {
    return new HostStory(name, purpose, false, telling);
  }

  static HostStory vital(String name, String purpose, Telling telling) {
    return new HostStory(name, purpose, true, telling);
  }
}
