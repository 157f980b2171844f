package io.understudy.controller.verb;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number from 1 to 1000. */
final class CountConverter implements ITypeConverter<Integer> {
  private static final int COUNT_MAX = 1000;

  @Override
  public Integer convert(String text) {
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > COUNT_MAX) {
      throw new TypeConversionException(text + " (expected: 1 to " + COUNT_MAX + ")");
    }
    return Integer.valueOf(text);
  }
}
