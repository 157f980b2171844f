package io.understudy.controller;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.ListHistoryRequest;
import io.understudy.v1.ListHistoryResponse;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.Result;
import io.understudy.v1.SetAutomationRequest;
import io.understudy.v1.WatchEventsRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * A node's operator service that answers what the test scripted, and remembers what it was asked.
 * Mutations take the next scripted reply, the last one again and again.
 */
public final class FakeControlPlane extends ControlPlaneGrpc.ControlPlaneImplBase {
  public final List<MutationRequest> mutations = new CopyOnWriteArrayList<>();
  public final List<Object> requests = new CopyOnWriteArrayList<>();
  public final List<String> codes = new CopyOnWriteArrayList<>();
  public final BlockingQueue<StreamObserver<Event>> watchers = new LinkedBlockingQueue<>();
  public final List<HistoryEntry> history = new CopyOnWriteArrayList<>();

  private final Deque<Consumer<StreamObserver<Progress>>> replies = new ArrayDeque<>();
  private volatile Cluster cluster;
  private volatile Consumer<StreamObserver<Cluster>> read = this::tellCluster;

  public FakeControlPlane(Cluster cluster) {
    this.cluster = cluster;
  }

  public void become(Cluster changed) {
    cluster = changed;
  }

  /** Lets every read fail. */
  public void refuseReads(StatusRuntimeException failure) {
    read = observer -> observer.onError(failure);
  }

  /** Never answers a read. */
  public void ignoreReads() {
    read = _ -> {};
  }

  public void answerReads() {
    read = this::tellCluster;
  }

  /** Scripts the next reply to a mutation. */
  public synchronized FakeControlPlane reply(Consumer<StreamObserver<Progress>> reply) {
    replies.add(reply);
    return this;
  }

  /** Scripts a refusal. */
  public FakeControlPlane refuse(StatusRuntimeException failure) {
    return reply(observer -> observer.onError(failure));
  }

  /** Scripts progress, the last of which should hold a result. */
  public FakeControlPlane tell(Progress... progress) {
    return reply(observer -> {
      for (Progress one : progress) {
        observer.onNext(one);
      }
      observer.onCompleted();
    });
  }

  /** Scripts a login that asks for a one-time code; the code gets the next reply. */
  public FakeControlPlane askForCode() {
    return reply(observer ->
        observer.onNext(Progress.newBuilder().setGateway("live").setCodeRequested(true).build()));
  }

  /** Scripts an immediate end. */
  public FakeControlPlane end(Result.Outcome outcome, String sentence) {
    return tell(
        Progress.newBuilder()
            .setGateway("live")
            .setResult(Result.newBuilder().setOutcome(outcome).setSentence(sentence).setEpoch(7))
            .build());
  }

  /** An error as the nodes make them. */
  public static StatusRuntimeException error(
      Code code, String reason, String sentence, Map<String, String> metadata) {
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setDomain("understudy")
            .setReason(reason)
            .putAllMetadata(metadata)
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(sentence)
            .addDetails(Any.pack(info))
            .build());
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<Cluster> observer) {
    read.accept(observer);
  }

  private void tellCluster(StreamObserver<Cluster> observer) {
    observer.onNext(cluster);
    observer.onCompleted();
  }

  @Override
  public void watchEvents(WatchEventsRequest request, StreamObserver<Event> observer) {
    requests.add(request);
    observer.onNext(Event.newBuilder().setCluster(cluster).build());
    ((ServerCallStreamObserver<Event>) observer).setOnCancelHandler(() -> {});
    watchers.add(observer);
  }

  @Override
  public StreamObserver<LoginRequest> login(StreamObserver<Progress> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(LoginRequest request) {
        if (request.hasStart()) {
          mutate(request.getStart(), request, observer);
        } else {
          codes.add(request.getCode());
          next().accept(observer);
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {}
    };
  }

  @Override
  public void logout(MutationRequest request, StreamObserver<Progress> observer) {
    mutate(request, request, observer);
  }

  @Override
  public void failover(FailoverRequest request, StreamObserver<Progress> observer) {
    mutate(request.getMutation(), request, observer);
  }

  @Override
  public void reconcile(ReconcileRequest request, StreamObserver<Progress> observer) {
    mutate(request.getMutation(), request, observer);
  }

  @Override
  public void setAutomation(SetAutomationRequest request, StreamObserver<Progress> observer) {
    mutate(request.getMutation(), request, observer);
  }

  @Override
  public void haltTrading(MutationRequest request, StreamObserver<Progress> observer) {
    mutate(request, "halt", observer);
  }

  @Override
  public void resumeTrading(MutationRequest request, StreamObserver<Progress> observer) {
    mutate(request, "unhalt", observer);
  }

  @Override
  public void unlockLogins(MutationRequest request, StreamObserver<Progress> observer) {
    mutate(request, "unlock", observer);
  }

  @Override
  public void listHistory(
      ListHistoryRequest request, StreamObserver<ListHistoryResponse> observer) {
    requests.add(request);
    observer.onNext(
        ListHistoryResponse.newBuilder()
            .addAllEntries(
                history.stream()
                    .filter(entry -> entry.getGateway().equals(request.getGateway()))
                    .limit(request.getLimit())
                    .toList())
            .build());
    observer.onCompleted();
  }

  private void mutate(MutationRequest mutation, Object request, StreamObserver<Progress> observer) {
    mutations.add(mutation);
    requests.add(request);
    next().accept(observer);
  }

  private synchronized Consumer<StreamObserver<Progress>> next() {
    if (replies.isEmpty()) {
      return observer ->
          observer.onError(error(Code.INTERNAL, "NOTHING_SCRIPTED", "nothing scripted", Map.of()));
    }
    return replies.size() == 1 ? replies.element() : replies.remove();
  }
}
