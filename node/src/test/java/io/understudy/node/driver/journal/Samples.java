package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.Primitives;
import com.google.common.reflect.TypeToken;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.account.HighWaterMarks.Mark;
import io.understudy.node.core.failover.GuardedWrite.MarksUpdate;
import io.understudy.node.core.leadership.LeaseTimings;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values of any type that the core uses, made from its components: for each sealed interface at
 * least one of every alternative, for each enum every constant, every optional part with and
 * without a value.
 */
final class Samples {
  private static final ImmutableMap<Class<?>, ImmutableList<Object>> PLAIN =
      ImmutableMap.<Class<?>, ImmutableList<Object>>builder()
          .put(Boolean.class, ImmutableList.of(true, false))
          .put(Integer.class, ImmutableList.of(7, Integer.MAX_VALUE))
          .put(Long.class, ImmutableList.of(8L, Long.MAX_VALUE))
          .put(String.class, ImmutableList.of("a", "b-2"))
          .put(BigDecimal.class, ImmutableList.of(new BigDecimal("100.50"), new BigDecimal("1E+3")))
          .put(
              Duration.class,
              ImmutableList.of(Duration.ofNanos(1_000_000_001), Duration.ofNanos(-3)))
          .put(
              Instant.class,
              ImmutableList.of(Instant.ofEpochSecond(1_790_000_000L, 1), Instant.MAX))
          .put(LocalTime.class, ImmutableList.of(LocalTime.of(23, 45), LocalTime.MIDNIGHT))
          .put(ZoneId.class, ImmutableList.of(ZoneId.of("America/New_York")))
          .put(
              LeaseTimings.class,
              ImmutableList.of(
                  LeaseTimings.of(Duration.ofSeconds(6)), LeaseTimings.of(Duration.ofSeconds(7))))
          // Of marks that cannot be read there is no update.
          .put(
              MarksUpdate.class,
              ImmutableList.of(
                  new MarksUpdate(HighWaterMarks.NONE, 0),
                  new MarksUpdate(
                      new HighWaterMarks(
                          ImmutableList.of(
                              new Mark("DU1", "USD", new BigDecimal("100.50"), Instant.MAX))),
                      7)))
          .buildOrThrow();

  private Samples() {}

  static <T> ImmutableList<T> of(Class<T> type) {
    return all(TypeToken.of(type)).stream()
        .map(type::cast)
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Object> all(TypeToken<?> type) {
    Class<?> raw = Primitives.wrap(type.getRawType());
    ImmutableList<Object> plain = PLAIN.get(raw);
    if (plain != null) {
      return plain;
    }
    if (raw.isEnum()) {
      return ImmutableList.copyOf(raw.getEnumConstants());
    }
    if (raw.isSealed()) {
      return Shape.alternatives(raw).stream()
          .flatMap(alternative -> all(TypeToken.of(alternative)).stream())
          .collect(ImmutableList.toImmutableList());
    }
    return raw.isRecord() ? records(type) : containers(type, raw);
  }

  private static ImmutableList<Object> containers(TypeToken<?> type, Class<?> raw) {
    ImmutableList<Object> elements = all(argument(type, 0));
    if (raw == Optional.class) {
      return ImmutableList.<Object>builder()
          .addAll(elements.stream().map(Optional::of).toList())
          .add(Optional.empty())
          .build();
    }
    if (raw == ImmutableList.class) {
      return ImmutableList.of(elements, ImmutableList.of());
    }
    if (raw == ImmutableSet.class) {
      return ImmutableList.of(ImmutableSet.copyOf(elements), ImmutableSet.of());
    }
    Map<Object, Object> entries = new LinkedHashMap<>();
    ImmutableList<Object> values = all(argument(type, 1));
    for (int i = 0; i < Math.max(elements.size(), values.size()); i++) {
      entries.put(elements.get(i % elements.size()), values.get(i % values.size()));
    }
    if (raw == ImmutableMap.class) {
      return ImmutableList.of(ImmutableMap.copyOf(entries), ImmutableMap.of());
    }
    if (raw == ImmutableSortedMap.class) {
      return ImmutableList.of(sorted(entries), ImmutableSortedMap.of());
    }
    throw new AssertionError("no samples of " + type + " (teach them to Samples and LineReader)");
  }

  @SuppressWarnings("unchecked") // Every key of the core has a natural order.
  private static ImmutableSortedMap<?, ?> sorted(Map<Object, Object> entries) {
    return ImmutableSortedMap.copyOf(
        entries, Comparator.comparing(key -> (Comparable<Object>) key));
  }

  private static TypeToken<?> argument(TypeToken<?> type, int index) {
    return type.resolveType(type.getRawType().getTypeParameters()[index]);
  }

  /** As many records as the component with the most samples needs. */
  private static ImmutableList<Object> records(TypeToken<?> type) {
    Shape shape = Shape.of(type.getRawType());
    List<ImmutableList<Object>> components = new ArrayList<>();
    for (Shape.Part part : shape.parts()) {
      components.add(all(type.resolveType(part.type())));
    }
    int count = components.stream().mapToInt(ImmutableList::size).max().orElse(1);
    ImmutableList.Builder<Object> made = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      int index = i;
      made.add(
          make(
              shape.constructor(),
              components.stream().map(values -> values.get(index % values.size())).toArray()));
    }
    return made.build();
  }

  private static Object make(Constructor<?> constructor, Object[] components) {
    try {
      return constructor.newInstance(components);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sample of " + constructor.getDeclaringClass(), e);
    }
  }
}
