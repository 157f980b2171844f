package io.understudy.node.config;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.PositionsConfig.Columns;
import io.understudy.node.config.PositionsConfig.CsvFile;
import io.understudy.node.config.PositionsConfig.JsonFile;
import io.understudy.node.config.PositionsConfig.Postgresql;
import io.understudy.node.config.PositionsConfig.Source;
import io.understudy.node.config.PositionsConfig.Unchecked;
import io.understudy.node.core.positions.Tolerances;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Binds the section on expected positions. */
record PositionsReader(FileFormats files) {
  /** The values of {@code source}. */
  private enum Kind {
    NONE,
    JSON_FILE,
    CSV_FILE,
    POSTGRESQL
  }

  private static final String FALLBACK = "default";
  private static final Format<String> JDBC_URL =
      Format.postgresqlUrl("them in user-file and password-file");

  PositionsConfig read(Section section) {
    Kind kind = section.optional("source", Format.oneOf(Kind.class), Kind.NONE);
    Source source = source(kind, section);
    Duration timeout =
        section.optional(
            "timeout",
            Format.durationWithin(Duration.ofMillis(100), Duration.ofMinutes(1)),
            PositionsConfig.TIMEOUT_DEFAULT);
    return new PositionsConfig(source, timeout, tolerances(section.section("tolerance")));
  }

  private Source source(Kind kind, Section section) {
    String because = "with source " + Format.printConstant(kind);
    if (!section.sound("source")) {
      section.tolerate("path", "url", "user-file", "password-file", "query", "columns");
      return new Unchecked();
    }
    switch (kind) {
      case NONE ->
          section.unused(because, "path", "url", "user-file", "password-file", "query", "columns");
      case JSON_FILE ->
          section.unused(because, "url", "user-file", "password-file", "query", "columns");
      case CSV_FILE -> section.unused(because, "url", "user-file", "password-file", "query");
      case POSTGRESQL -> section.unused(because, "path");
    }
    return switch (kind) {
      case NONE -> new Unchecked();
      case JSON_FILE -> new JsonFile(section.required("path", files.file()));
      case CSV_FILE ->
          new CsvFile(section.required("path", files.file()), columns(section.section("columns")));
      case POSTGRESQL ->
          new Postgresql(
              section.required("url", JDBC_URL),
              section.required("user-file", files.secret()),
              section.required("password-file", files.secret()),
              section.required("query", Format.TEXT),
              columns(section.section("columns")));
    };
  }

  private static Columns columns(Section section) {
    return new Columns(
        section.optional("account", Format.TEXT, Columns.DEFAULT.account()),
        section.optional("instrument", Format.TEXT, Columns.DEFAULT.instrument()),
        section.optional("instrument-class", Format.TEXT, Columns.DEFAULT.instrumentClass()),
        section.optional("quantity", Format.TEXT, Columns.DEFAULT.quantity()));
  }

  private static Tolerances tolerances(Section section) {
    BigDecimal otherwise = section.optional(FALLBACK, Format.QUANTITY, BigDecimal.ZERO);
    ImmutableMap.Builder<String, BigDecimal> byClass = ImmutableMap.builder();
    section
        .namedValues(Format.QUANTITY)
        .forEach((name, tolerance) -> {
          if (name.equals(FALLBACK)) {
            return;
          }
          byClass.put(name, tolerance);
          if (!name.equals(name.toUpperCase(Locale.ROOT))) {
            section.reject(name, "expected an instrument class in upper case, like STK");
          }
        });
    return new Tolerances(byClass.buildOrThrow(), otherwise);
  }
}
