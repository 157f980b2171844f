package io.understudy.simulator.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header fields in their order; names compare without regard to case. Not safe for threads. */
public final class Headers {
  /** One field as it stands on the wire. */
  public record Field(String name, String value) {}

  private final List<Field> fields = new ArrayList<>();

  /** Adds a field and keeps others of that name. */
  public void add(String name, String value) {
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("line break in header " + name);
    }
    fields.add(new Field(name, value));
  }

  /** Replaces all fields of that name by one. */
  public void set(String name, String value) {
    remove(name);
    add(name, value);
  }

  public void remove(String name) {
    fields.removeIf(field -> field.name().equalsIgnoreCase(name));
  }

  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  public List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .toList();
  }

  public List<Field> fields() {
    return List.copyOf(fields);
  }
}
