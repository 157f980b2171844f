package io.understudy.controller.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Progress;

/**
 * Something to be changed. It may be sent more than once, always with the same request id, so that
 * the cluster carries it out at most once.
 */
public record Mutation(String gateway, String requestId, Opening opening) {
  /** Sends the request over a fresh connection. */
  @FunctionalInterface
  public interface Opening {
    Conversation open(ControlPlaneBlockingV2Stub stub) throws InterruptedException, StatusException;
  }

  /**
   * The running call.
   *
   * @param code takes the one-time code that the node asks for
   */
  public record Conversation(BlockingClientCall<?, Progress> call, CodeTaker code) {
    /** A call that never asks for a code. */
    public static Conversation plain(BlockingClientCall<?, Progress> call) {
      return new Conversation(
          call,
          _ -> {
            throw new IllegalStateException("this operation takes no one-time code");
          });
    }
  }

  /** Sends a one-time code on. */
  @FunctionalInterface
  public interface CodeTaker {
    void take(String code) throws InterruptedException, StatusException;
  }
}
