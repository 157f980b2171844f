package io.understudy.node.metrics;

import com.google.common.base.Splitter;
import com.google.common.primitives.Doubles;
import java.util.Locale;
import java.util.Objects;

/** How a scrape is written. */
public enum ScrapeFormat {
  /** Prometheus' text format, which has no exemplars. */
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /** OpenMetrics, where the buckets of histograms have exemplars. */
  OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  ScrapeFormat(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /**
   * The one that a caller with this {@code Accept} header likes best. OpenMetrics only where it is
   * named: a browser, which takes anything, gets text.
   */
  public static ScrapeFormat accepted(String accept) {
    double openMetrics = 0;
    double text = 0;
    for (String range : Splitter.on(',').trimResults().split(accept.toLowerCase(Locale.ROOT))) {
      if (range.startsWith("application/openmetrics-text")) {
        openMetrics = Math.max(openMetrics, quality(range));
      } else if (range.startsWith("text/plain")) {
        text = Math.max(text, quality(range));
      }
    }
    return openMetrics > 0 && openMetrics >= text ? OPENMETRICS : TEXT;
  }

  private static double quality(String range) {
    for (String parameter : Splitter.on(';').trimResults().split(range)) {
      if (parameter.startsWith("q=")) {
        return Objects.requireNonNullElse(Doubles.tryParse(parameter.substring(2)), 0.0);
      }
    }
    return 1;
  }
}
