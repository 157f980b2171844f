package io.understudy.bundle.render;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The rules of a bundle, as data. */
final class RuleFile {
  private static final Pattern DURATION = Pattern.compile("(\\d+)([smhd])");

  private RuleFile() {}

  /**
   * An alert.
   *
   * @param holds how long its condition has to hold
   */
  record Alert(
      String name,
      String expression,
      Duration holds,
      String severity,
      ImmutableMap<String, String> annotations) {}

  static ImmutableList<Alert> alerts() {
    ImmutableList.Builder<Alert> alerts = ImmutableList.builder();
    for (Map<String, Object> rule : rules()) {
      if (rule.get("alert") instanceof String name) {
        alerts.add(
            new Alert(
                name,
                text(rule, "expr"),
                rule.containsKey("for") ? duration(text(rule, "for")) : Duration.ZERO,
                text(map(rule, "labels"), "severity"),
                texts(map(rule, "annotations"))));
      }
    }
    return alerts.build();
  }

  /** Names of the series that the rules themselves record. */
  static ImmutableList<String> recorded() {
    return rules().stream()
        .filter(rule -> rule.containsKey("record"))
        .map(rule -> text(rule, "record"))
        .collect(ImmutableList.toImmutableList());
  }

  /** Every expression, those in annotations too. */
  static ImmutableList<String> expressions() {
    ImmutableList.Builder<String> all = ImmutableList.builder();
    for (Map<String, Object> rule : rules()) {
      all.add(text(rule, "expr"));
      if (rule.containsKey("annotations")) {
        for (String text : texts(map(rule, "annotations")).values()) {
          Matcher query = Pattern.compile("printf \"((?:[^\"\\\\]|\\\\.)*)\"").matcher(text);
          query
              .results()
              .map(match -> match.group(1))
              .filter(asked -> asked.contains("{"))
              .forEach(all::add);
        }
      }
    }
    return all.build();
  }

  /** {@code 1m30s} as Prometheus writes it. */
  static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    Matcher part = DURATION.matcher(text);
    while (part.find()) {
      long number = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
              });
    }
    return sum;
  }

  static Map<String, Object> yaml(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
  }

  static String text(Map<String, Object> node, String key) {
    return requireNonNull(node.get(key), key).toString();
  }

  @SuppressWarnings("unchecked") // What promtool and amtool accept has this shape.
  static List<Map<String, Object>> list(Map<String, Object> node, String key) {
    return (List<Map<String, Object>>) requireNonNull(node.get(key), key);
  }

  @SuppressWarnings("unchecked") // As above.
  static Map<String, Object> map(Map<String, Object> node, String key) {
    return (Map<String, Object>) requireNonNull(node.get(key), key);
  }

  private static ImmutableList<Map<String, Object>> rules() {
    String text = Rendered.file(Rendered.bundle(Clusters.ALPHA), PrometheusConf.RULES);
    return list(yaml(text), "groups").stream()
        .flatMap(group -> list(group, "rules").stream())
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableMap<String, String> texts(Map<String, Object> node) {
    return ImmutableMap.copyOf(Maps.transformValues(node, Object::toString));
  }
}
