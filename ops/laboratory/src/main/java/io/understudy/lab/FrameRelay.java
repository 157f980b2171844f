package io.understudy.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Carries frames between two network interfaces, each way later by a delay, in order, and loses
 * some: a long bad line, for kernels that cannot delay by themselves. Runs until it is ended.
 *
 * <p>Raw packet sockets, since the JDK has none, through the C library. Frames are taken and given
 * back with the kernel's offload header, so that unfinished checksums and oversized frames stay
 * what they are.
 */
final class FrameRelay {
  static final String READY = "carrying frames";

  private static final int PACKET_FAMILY = 17;
  private static final int RAW = 3;
  private static final short ALL_PROTOCOLS = Short.reverseBytes((short) 3);
  private static final int PACKET_LEVEL = 263;
  private static final int OFFLOAD_HEADER = 15;
  private static final int IGNORE_OUTGOING = 23;
  private static final int FRAME_BYTES_MAX = 70_000;
  private static final int WAITING_FRAMES_MAX = 20_000;

  private static final MethodHandle SOCKET =
      function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle BIND =
      function("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle SET_OPTION =
      function(
          "setsockopt",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_INT);
  private static final MethodHandle INDEX_OF = function("if_nametoindex", ValueLayout.ADDRESS);
  private static final MethodHandle READ =
      longFunction("read", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle WRITE =
      longFunction("write", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  private final Duration delay;
  private final int lossPercent;

  private record Frame(long dueNanos, MemorySegment content) {}

  private FrameRelay(Duration delay, int lossPercent) {
    this.delay = delay;
    this.lossPercent = lossPercent;
  }

  /** Arguments: two interfaces, milliseconds each way, percent of frames to lose each way. */
  public static void main(String[] arguments) throws InterruptedException {
    int first = open(arguments[0]);
    int second = open(arguments[1]);
    FrameRelay relay =
        new FrameRelay(
            Duration.ofMillis(Long.parseLong(arguments[2])), Integer.parseInt(arguments[3]));
    relay.carry(first, second);
    relay.carry(second, first);
    System.out.println(READY);
    System.out.flush();
    Thread.currentThread().join();
  }

  private void carry(int from, int to) {
    BlockingQueue<Frame> line = new LinkedBlockingQueue<>(WAITING_FRAMES_MAX);
    Thread.ofPlatform().name("from-" + from).start(() -> take(from, line));
    Thread.ofPlatform().name("to-" + to).start(() -> give(to, line));
  }

  private void take(int from, BlockingQueue<Frame> line) {
    Random random = new Random();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FRAME_BYTES_MAX);
      while (true) {
        long length = (long) READ.invokeExact(from, buffer, (long) FRAME_BYTES_MAX);
        if (length <= 0 || random.nextInt(100) < lossPercent) {
          continue;
        }
        MemorySegment content =
            MemorySegment.ofArray(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        // A full line loses frames, as any line does.
        var _ = line.offer(new Frame(System.nanoTime() + delay.toNanos(), content));
      }
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot read frames", e);
    }
  }

  private static void give(int to, BlockingQueue<Frame> line) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FRAME_BYTES_MAX);
      while (true) {
        Frame frame = line.take();
        Duration left = Duration.ofNanos(frame.dueNanos() - System.nanoTime());
        if (left.isPositive()) {
          Thread.sleep(left);
        }
        MemorySegment.copy(frame.content(), 0, buffer, 0, frame.content().byteSize());
        long _ = (long) WRITE.invokeExact(to, buffer, frame.content().byteSize());
      }
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot write frames", e);
    }
  }

  private static int open(String interfaceName) {
    try (Arena arena = Arena.ofConfined()) {
      int index = (int) INDEX_OF.invokeExact(arena.allocateFrom(interfaceName));
      int socket = (int) SOCKET.invokeExact(PACKET_FAMILY, RAW, (int) ALL_PROTOCOLS & 0xffff);
      // struct sockaddr_ll: family, protocol, interface, and eight bytes more that stay zero.
      MemorySegment address = arena.allocate(20, 4);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) PACKET_FAMILY);
      address.set(ValueLayout.JAVA_SHORT, 2, ALL_PROTOCOLS);
      address.set(ValueLayout.JAVA_INT, 4, index);
      MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
      int failed =
          (int) SET_OPTION.invokeExact(socket, PACKET_LEVEL, OFFLOAD_HEADER, one, 4)
              | (int) SET_OPTION.invokeExact(socket, PACKET_LEVEL, IGNORE_OUTGOING, one, 4)
              | (int) BIND.invokeExact(socket, address, 20);
      if (index == 0 || socket < 0 || failed != 0) {
        throw new LabException("Cannot take frames from the interface " + interfaceName);
      }
      return socket;
    } catch (LabException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot call the C library", e);
    }
  }

  private static MethodHandle function(String name, ValueLayout... parameters) {
    return handle(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  private static MethodHandle longFunction(String name, ValueLayout... parameters) {
    return handle(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, parameters));
  }

  // Restricted since native code can do anything; the lab starts its programs with native access.
  @SuppressWarnings("restricted")
  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
