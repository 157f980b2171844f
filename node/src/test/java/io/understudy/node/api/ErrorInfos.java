package io.understudy.node.api;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/** Reads what a refusal carries. */
final class ErrorInfos {
  private ErrorInfos() {}

  static ErrorInfo of(StatusRuntimeException error) {
    return detail(error, ErrorInfo.class)
        .orElseThrow(() -> new AssertionError("no ErrorInfo in " + error));
  }

  static <M extends Message> Optional<M> detail(StatusRuntimeException error, Class<M> type) {
    Status status = StatusProto.fromThrowable(error);
    if (status == null) {
      return Optional.empty();
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    return Optional.empty();
  }
}
