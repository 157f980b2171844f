package io.understudy.node.metrics;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.understudy.node.core.model.Epoch;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A histogram of durations in seconds. An observation may carry the epoch that it belongs to: the
 * last one of each bucket is its exemplar, so that a slow takeover on a dashboard leads to its
 * lines in log and history. Any thread.
 *
 * <p>The libraries' own histograms take exemplars from a tracer, sampled, and forget them after a
 * minute; takeovers are rare, and each of them matters.
 */
final class EpochHistogram implements Collector {
  private final MeterName name;
  private final double[] bounds;
  private final Map<ImmutableList<String>, Series> series = new LinkedHashMap<>();

  private static final class Series {
    private final long[] counts;
    private final Exemplar[] exemplars;
    private double sum;

    Series(int buckets) {
      counts = new long[buckets];
      exemplars = new Exemplar[buckets];
    }
  }

  /**
   * @param bounds of the buckets, ascending; one for all that is longer is added
   */
  EpochHistogram(MeterName name, double... bounds) {
    checkArgument(name.kind() == MeterName.Kind.HISTOGRAM, "%s is no histogram", name);
    this.name = name;
    this.bounds = Arrays.copyOf(bounds, bounds.length + 1);
    this.bounds[bounds.length] = Double.POSITIVE_INFINITY;
  }

  /** Shows the series from now on, with nothing in it, so that its first increment is seen. */
  synchronized void show(String... labelValues) {
    var _ = series(labelValues);
  }

  synchronized void observe(Duration duration, String... labelValues) {
    observe(seconds(duration), Optional.empty(), series(labelValues));
  }

  synchronized void observe(Duration duration, Epoch epoch, Instant at, String... labelValues) {
    Exemplar exemplar =
        Exemplar.builder()
            .value(seconds(duration))
            .labels(Labels.of("epoch", Long.toString(epoch.number())))
            .timestampMillis(at.toEpochMilli())
            .build();
    observe(seconds(duration), Optional.of(exemplar), series(labelValues));
  }

  private Series series(String... labelValues) {
    checkArgument(
        labelValues.length == name.labels().size(),
        "label values of %s: %s (expected: of %s)",
        name,
        labelValues.length,
        name.labels());
    return series.computeIfAbsent(
        ImmutableList.copyOf(labelValues), _ -> new Series(bounds.length));
  }

  private void observe(double seconds, Optional<Exemplar> exemplar, Series into) {
    int bucket = 0;
    while (seconds > bounds[bucket]) {
      bucket++;
    }
    into.counts[bucket]++;
    into.sum += seconds;
    if (exemplar.isPresent()) {
      into.exemplars[bucket] = exemplar.get();
    }
  }

  @Override
  public synchronized HistogramSnapshot collect() {
    HistogramSnapshot.Builder snapshot =
        HistogramSnapshot.builder().name(name.exposed()).help(name.description());
    series.forEach((values, of) -> snapshot.dataPoint(point(values, of)));
    return snapshot.build();
  }

  private HistogramDataPointSnapshot point(ImmutableList<String> labelValues, Series of) {
    HistogramDataPointSnapshot.Builder point =
        HistogramDataPointSnapshot.builder()
            .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds.clone(), of.counts.clone()));
    var _ = point.labels(Labels.of(name.labels(), labelValues));
    var _ = point.sum(of.sum);
    var _ =
        point.exemplars(
            Exemplars.of(Arrays.stream(of.exemplars).filter(Objects::nonNull).toList()));
    return point.build();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
