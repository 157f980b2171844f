package io.understudy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Steps the wall clock of one JVM while it runs, since a host's own clock is everybody's: a Java
 * agent that makes {@code java.time} add the seconds that stand in a file. What a program asks of
 * {@code java.time} is stepped, and that is all wall time that a daemon uses; the monotonic clock,
 * the kernel and other processes are not.
 */
public final class ClockAgent {
  private static final String PROPERTY = "understudy.lab.clock-seconds";
  private static final Duration LOOK_PAUSE = Duration.ofMillis(50);
  private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");

  private ClockAgent() {}

  /** Called by the JVM; the argument is the file. */
  public static void premain(String file, Instrumentation instrumentation)
      throws UnmodifiableClassException {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              @Nullable ClassLoader loader,
              String name,
              @Nullable Class<?> redefined,
              @Nullable ProtectionDomain domain,
              byte[] bytes) {
            return name.equals("java/time/Clock") ? stepped(bytes) : null;
          }
        },
        true);
    instrumentation.retransformClasses(Clock.class);
    Thread.ofPlatform().daemon().name("clock-agent").start(() -> follow(Path.of(file)));
  }

  /** The options that let a JVM's clock follow the file; makes the agent's jar beside it. */
  static String option(Path file) {
    Path jar = file.resolveSibling("clock-agent.jar");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", ClockAgent.class.getName());
    attributes.putValue("Can-Retransform-Classes", "true");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String part : new String[] {"", "$1"}) {
        String entry = ClockAgent.class.getName().replace('.', '/') + part + ".class";
        out.putNextEntry(new JarEntry(entry));
        try (var in = ClassLoader.getSystemResourceAsStream(entry)) {
          if (in == null) {
            throw new IOException(entry + " is not on the class path");
          }
          in.transferTo(out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + jar, e);
    }
    step(file, 0);
    return "-javaagent:" + jar + "=" + file;
  }

  /** From now on, within moments, the clock is that many seconds fast, or slow. */
  static void step(Path file, long seconds) {
    PrivateFiles.write(file, Long.toString(seconds));
    Waiting.pause(LOOK_PAUSE.multipliedBy(3));
  }

  /** Adds the property's seconds to what {@code Clock.currentInstant()} returns. */
  private static byte[] stepped(byte[] bytes) {
    CodeTransform add =
        (code, element) -> {
          if (element instanceof ReturnInstruction) {
            code.ldc(PROPERTY)
                .lconst_0()
                .invokestatic(
                    ConstantDescs.CD_Long,
                    "getLong",
                    MethodTypeDesc.of(
                        ConstantDescs.CD_Long, ConstantDescs.CD_String, ConstantDescs.CD_long))
                .invokevirtual(
                    ConstantDescs.CD_Long, "longValue", MethodTypeDesc.of(ConstantDescs.CD_long))
                .invokevirtual(
                    INSTANT, "plusSeconds", MethodTypeDesc.of(INSTANT, ConstantDescs.CD_long));
          }
          code.with(element);
        };
    ClassFile file = ClassFile.of();
    return file.transformClass(
        file.parse(bytes),
        ClassTransform.transformingMethodBodies(
            method -> method.methodName().equalsString("currentInstant"), add));
  }

  private static void follow(Path file) {
    while (true) {
      try {
        System.setProperty(PROPERTY, Files.readString(file).strip());
        Thread.sleep(LOOK_PAUSE);
      } catch (IOException _) {
        // The lab has removed the file: it ends.
        return;
      } catch (InterruptedException _) {
        return;
      }
    }
  }
}
