package io.understudy.node.driver.systemd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends to one Unix datagram socket without ever waiting. Linux only; any thread. Java's own Unix
 * sockets are streams and cannot do it; a child process could, but would send under its own pid.
 *
 * <p>It lives as long as the process, and so does its descriptor.
 */
final class DatagramSender {
  private static final short AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int PATH_OFFSET = 2;
  private static final int PATH_LENGTH_MAX = 107;

  private final int descriptor;
  private final MemorySegment address;

  /**
   * Opens a descriptor; nothing need listen yet.
   *
   * @param path absolute, or {@code @name} of an abstract socket
   * @throws IllegalArgumentException if it is neither, or too long
   */
  DatagramSender(String path) throws IOException {
    address = address(path);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.STATE);
      descriptor =
          checked(
              (int) Libc.SOCKET.invokeExact(state, (int) AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0),
              "socket",
              state);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** Hands the message to the receiver's queue, or fails at once. */
  void send(String message) throws IOException {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.STATE);
      MemorySegment buffer = arena.allocateFrom(JAVA_BYTE, bytes);
      long sent =
          (long)
              Libc.SENDTO.invokeExact(
                  state,
                  descriptor,
                  buffer,
                  (long) bytes.length,
                  MSG_DONTWAIT | MSG_NOSIGNAL,
                  address,
                  (int) address.byteSize());
      int _ = checked((int) sent, "sendto", state);
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** A sockaddr_un: an abstract name begins with a zero byte and is not ended by one. */
  private static MemorySegment address(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = path.startsWith("@") && name.length > 1;
    if ((!isAbstract && !path.startsWith("/")) || name.length > PATH_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "'" + path + "' (expected: an absolute path or @name of at most 107 bytes)");
    }
    MemorySegment address =
        Arena.global().allocate(PATH_OFFSET + name.length + (isAbstract ? 0L : 1L));
    address.set(JAVA_SHORT, 0, AF_UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, PATH_OFFSET, name.length);
    if (isAbstract) {
      address.set(JAVA_BYTE, PATH_OFFSET, (byte) 0);
    }
    return address;
  }

  private static int checked(int result, String call, MemorySegment state) throws IOException {
    if (result < 0) {
      throw new IOException(call + " failed with errno " + (int) Libc.ERRNO.get(state, 0L));
    }
    return result;
  }

  private static IOException failure(Throwable thrown) {
    return switch (thrown) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException("a native call threw", thrown);
    };
  }

  /** The two functions, linked when first used, which takes some 60 ms. */
  private static final class Libc {
    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final MethodHandle SOCKET =
        link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    static final MethodHandle SENDTO =
        link(
            "sendto",
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));

    private Libc() {}

    @SuppressWarnings("restricted") // Granted by --enable-native-access on the command line.
    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          descriptor,
          Linker.Option.captureCallState("errno"));
    }
  }
}
