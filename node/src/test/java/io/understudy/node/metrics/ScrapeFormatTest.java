package io.understudy.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeFormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "''                                                                          ! TEXT",
        "*/*                                                                         ! TEXT",
        "text/html,application/xhtml+xml,*/*;q=0.8                                   ! TEXT",
        "text/plain;version=0.0.4                                                    ! TEXT",
        "application/openmetrics-text                                                ! OPENMETRICS",
        "Application/OpenMetrics-Text; version=1.0.0                                 ! OPENMETRICS",
        "application/openmetrics-text;q=0.1,text/plain;q=0.9                         ! TEXT",
        "application/openmetrics-text;q=0                                            ! TEXT",
        "application/openmetrics-text;q=nonsense                                     ! TEXT",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1 ! OPENMETRICS"
      })
  void openMetricsIsServedToWhoeverPrefersIt(String accept, ScrapeFormat format) {
    assertThat(ScrapeFormat.accepted(accept)).isEqualTo(format);
  }
}
