package io.understudy.node.metrics;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes meters out of {@link MeterName}s, and refuses other labels than the name says. Any thread.
 *
 * <p>Micrometer makes what has the same series from beginning to end. What comes and goes (peers,
 * accounts) is made with Prometheus' own classes in the same registry, because Micrometer shows a
 * series for ever, with NaN, which spoils every sum; histograms are our own collectors there,
 * because its exemplars know trace ids only.
 */
final class Meters implements AutoCloseable {
  /**
   * Exemplars stand on buckets alone. Micrometer's default puts them on counts too, and a server
   * that takes none there refuses the whole scrape.
   */
  private static final PrometheusConfig CONFIG =
      new PrometheusConfig() {
        @Override
        public @Nullable String get(String key) {
          return null;
        }

        @Override
        public Properties prometheusProperties() {
          return new Properties();
        }
      };

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(CONFIG);

  /** What function counters read; Micrometer itself holds it weakly. */
  private final List<Object> sources = Collections.synchronizedList(new ArrayList<>());

  /** One point of a meter whose series come and go. */
  interface Points {
    void add(double value, String... labelValues);
  }

  <T> void gauge(MeterName name, Tags tags, T source, ToDoubleFunction<T> value) {
    check(name, MeterName.Kind.GAUGE, tags);
    Gauge.builder(name.meter(), source, value)
        .description(name.description())
        .baseUnit(name.unit().isEmpty() ? null : name.unit())
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  <T> void counter(MeterName name, Tags tags, T source, ToDoubleFunction<T> value) {
    check(name, MeterName.Kind.COUNTER, tags);
    sources.add(source);
    FunctionCounter.builder(name.meter(), source, value)
        .description(name.description())
        .baseUnit(name.unit().isEmpty() ? null : name.unit())
        .tags(tags)
        .register(registry);
  }

  Counter counter(MeterName name, Tags tags) {
    check(name, MeterName.Kind.COUNTER, tags);
    return Counter.builder(name.meter())
        .description(name.description())
        .baseUnit(name.unit().isEmpty() ? null : name.unit())
        .tags(tags)
        .register(registry);
  }

  EpochHistogram histogram(MeterName name, double... bounds) {
    EpochHistogram histogram = new EpochHistogram(name, bounds);
    registry.getPrometheusRegistry().register(histogram);
    return histogram;
  }

  /** A gauge whose series are those that {@code read} adds at a scrape, and no others. */
  void gauges(MeterName name, Consumer<Points> read) {
    checkArgument(name.kind() == MeterName.Kind.GAUGE, "%s is no gauge", name);
    GaugeWithCallback.builder()
        .name(name.exposed())
        .help(name.description())
        .labelNames(name.labels().toArray(String[]::new))
        .callback(points -> read.accept(points::call))
        .register(registry.getPrometheusRegistry());
  }

  /** The same for a counter. */
  void counters(MeterName name, Consumer<Points> read) {
    checkArgument(name.kind() == MeterName.Kind.COUNTER, "%s is no counter", name);
    CounterWithCallback.builder()
        .name(name.exposed())
        .help(name.description())
        .labelNames(name.labels().toArray(String[]::new))
        .callback(points -> read.accept(points::call))
        .register(registry.getPrometheusRegistry());
  }

  void bind(MeterBinder binder) {
    binder.bindTo(registry);
  }

  String scrape(ScrapeFormat format) {
    return registry.scrape(format.contentType());
  }

  private static void check(MeterName name, MeterName.Kind kind, Tags tags) {
    ImmutableSet<String> keys =
        tags.stream().map(Tag::getKey).collect(ImmutableSet.toImmutableSet());
    checkArgument(name.kind() == kind, "%s is no %s", name, kind);
    checkArgument(
        keys.equals(ImmutableSet.copyOf(name.labels())),
        "labels of %s: %s (expected: %s)",
        name,
        keys,
        name.labels());
  }

  @Override
  public void close() {
    registry.close();
  }
}
