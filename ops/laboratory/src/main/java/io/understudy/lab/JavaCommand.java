package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.List;

/** A command that runs a small Java program on the JVM that the lab itself runs on. */
record JavaCommand(ImmutableList<String> options) {
  private static final ImmutableList<String> SMALL =
      ImmutableList.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          // Its file is named by pid, and pids repeat in the namespaces of the fault lab.
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  static JavaCommand of(String... options) {
    return new JavaCommand(
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .addAll(SMALL)
            .addAll(List.of(options))
            .build());
  }

  JavaCommand with(ImmutableList<String> further) {
    return new JavaCommand(ImmutableList.<String>builder().addAll(options).addAll(further).build());
  }

  JavaCommand classPath(String classPath) {
    return new JavaCommand(
        ImmutableList.<String>builder().addAll(options).add("-cp").add(classPath).build());
  }

  ImmutableList<String> main(String mainClass, String... arguments) {
    return ImmutableList.<String>builder()
        .addAll(options)
        .add(mainClass)
        .addAll(List.of(arguments))
        .build();
  }
}
