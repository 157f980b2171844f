package io.understudy.node.driver.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The receiving end of a notify socket, as systemd has it. One thread. */
public final class StandInSocket implements AutoCloseable {
  private static final int SIZE_MAX = 4_096;
  private static final int MSG_DONTWAIT = 0x40;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SOCKET =
      link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECV =
      link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle CLOSE =
      link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final String path;
  private final int descriptor;

  /** Binds to an absolute path that does not exist yet, or to {@code @name}. */
  public StandInSocket(String path) {
    this.path = path;
    boolean isAbstract = path.startsWith("@");
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(2L + name.length + (isAbstract ? 0 : 1));
      address.set(JAVA_SHORT, 0, (short) 1);
      MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
      if (isAbstract) {
        address.set(JAVA_BYTE, 2, (byte) 0);
      }
      descriptor = (int) SOCKET.invokeExact(1, 2 | 0x80000, 0);
      int bound = (int) BIND.invokeExact(descriptor, address, (int) address.byteSize());
      if (bound != 0) {
        throw new IllegalStateException("cannot bind " + path);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** As systemd puts it into the environment. */
  public String path() {
    return path;
  }

  /** The next message, if one waits. */
  public Optional<String> poll() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(SIZE_MAX);
      long size = (long) RECV.invokeExact(descriptor, buffer, (long) SIZE_MAX, MSG_DONTWAIT);
      if (size < 0) {
        return Optional.empty();
      }
      byte[] bytes = buffer.asSlice(0, size).toArray(JAVA_BYTE);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("restricted") // Granted to the tests on their command line.
  private static MethodHandle link(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }
}
