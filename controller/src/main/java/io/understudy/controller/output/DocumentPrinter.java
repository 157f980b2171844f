package io.understudy.controller.output;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.understudy.v1.Cluster;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.ListDrillsResponse;
import io.understudy.v1.ListHistoryResponse;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;

/**
 * The JSON form of the API's messages, all fields present, or the same as YAML. Streams are one
 * message a line in JSON and one document each in YAML.
 */
public final class DocumentPrinter implements Printer {
  /** A whole number, which a {@link Struct} keeps as any other. */
  private static final Pattern WHOLE = Pattern.compile("(?m)(: -?\\d+)\\.0(,?)$");

  private final PrintStream stream;
  private final boolean yaml;
  private final boolean lines;

  /**
   * @param lines one message a line, as in a stream, even where a single message is shown
   */
  public DocumentPrinter(PrintStream stream, boolean yaml, boolean lines) {
    this.stream = stream;
    this.yaml = yaml;
    this.lines = lines;
  }

  /** A message on one line. */
  public static String line(MessageOrBuilder message) {
    return json(message, JsonFormat.printer().omittingInsignificantWhitespace());
  }

  /** Data as a file of its own. */
  public static String document(Struct data) {
    return json(data, JsonFormat.printer()) + "\n";
  }

  @Override
  public void status(Cluster cluster) {
    show(cluster, lines);
  }

  @Override
  public void history(List<HistoryEntry> entries) {
    show(ListHistoryResponse.newBuilder().addAllEntries(entries).build(), lines);
  }

  @Override
  public void event(HistoryEntry entry) {
    show(entry, true);
  }

  @Override
  public void result(String gateway, Result result) {
    show(result, false);
  }

  @Override
  public void preflight(String gateway, DrillPlan plan, PreflightResponse response) {
    show(response, false);
  }

  @Override
  public void drills(List<Drill> drills) {
    show(ListDrillsResponse.newBuilder().addAllDrills(drills).build(), false);
  }

  @Override
  public void drill(Drill drill) {
    show(drill, false);
  }

  @Override
  public void fact(String text, Struct data) {
    show(data, false);
  }

  @Override
  public void accepted(Progress last) {
    show(last, false);
  }

  private void show(MessageOrBuilder message, boolean oneOfMany) {
    JsonFormat.Printer printer = JsonFormat.printer().alwaysPrintFieldsWithNoPresence();
    if (yaml) {
      stream.print((oneOfMany ? "---\n" : "") + toYaml(json(message, printer)));
    } else {
      stream.println(
          json(message, oneOfMany ? printer.omittingInsignificantWhitespace() : printer));
    }
    stream.flush();
  }

  private static String json(MessageOrBuilder message, JsonFormat.Printer printer) {
    try {
      return WHOLE.matcher(printer.print(message)).replaceAll("$1$2");
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("our own messages hold no Any that could fail", e);
    }
  }

  /** JSON is YAML already; this is the form that people read. */
  private static String toYaml(String json) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    return new Yaml(new Representer(options), options).dump(tree);
  }
}
