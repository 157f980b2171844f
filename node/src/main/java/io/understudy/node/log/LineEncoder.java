package io.understudy.node.log;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.understudy.node.config.LogConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes every line in the one form that is in effect; text, until the configuration is read. */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = new byte[0];

  private final RootCauseFirstThrowableProxyConverter errors =
      new RootCauseFirstThrowableProxyConverter();
  private final boolean journal;
  private volatile LineForm form;

  /** For standard error of this process. Logback calls it, as logback.xml says. */
  public LineEncoder() {
    this(ServiceJournal.isStandardError());
  }

  LineEncoder(boolean journal) {
    this.journal = journal;
    form = form(LogConfig.DEFAULT.format());
  }

  /** The keys of a line with their values, in their order. */
  public static ImmutableMap<String, String> fields(ILoggingEvent event) {
    return ImmutableMap.copyOf(
        Maps.transformValues(LogLine.of(event, "").fields(), LogLine.Value::text));
  }

  void use(LogConfig.Format format) {
    form = form(format);
  }

  private LineForm form(LogConfig.Format format) {
    return switch (format) {
      case TEXT -> journal ? LineForm.JOURNAL_TEXT : LineForm.TEXT;
      case JSON -> journal ? LineForm.JOURNAL_JSON : LineForm.JSON;
    };
  }

  @Override
  public void start() {
    errors.setOptionList(List.of("short"));
    errors.setContext(getContext());
    errors.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return form.print(LogLine.of(event, errors.convert(event))).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
