package io.understudy.controller;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.understudy.v1.AbortDrillRequest;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.GetRelayRequest;
import io.understudy.v1.GetRelayResponse;
import io.understudy.v1.ListDrillsRequest;
import io.understudy.v1.ListDrillsResponse;
import io.understudy.v1.MeasureDrillRequest;
import io.understudy.v1.PreflightCheck;
import io.understudy.v1.PreflightRequest;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import io.understudy.v1.StartDrillRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A node's service of drills that answers what the test set, and remembers what it was asked. */
public final class FakeDrills extends DrillsGrpc.DrillsImplBase {
  public final List<PreflightRequest> preflights = new CopyOnWriteArrayList<>();
  public final List<StartDrillRequest> started = new CopyOnWriteArrayList<>();
  public final List<AbortDrillRequest> aborted = new CopyOnWriteArrayList<>();
  public final List<MeasureDrillRequest> measured = new CopyOnWriteArrayList<>();
  public final List<Drill> drills = new CopyOnWriteArrayList<>();

  private volatile PreflightResponse preflight =
      PreflightResponse.newBuilder()
          .addChecks(check("NOT_SERVING", true, "a serves", false))
          .addSteps("a hands over to b")
          .addSteps("b hands back to a")
          .build();
  private volatile String relay = "127.0.0.1:1";
  private volatile @Nullable StatusRuntimeException refusal;

  public static PreflightCheck check(
      String code, boolean passed, String sentence, boolean mayOverrule) {
    return PreflightCheck.newBuilder()
        .setCode(code)
        .setPassed(passed)
        .setSentence(sentence)
        .setMayOverrule(mayOverrule)
        .build();
  }

  /** Adds a check that does not pass. */
  public void standsAgainst(String code, String sentence, boolean mayOverrule) {
    preflight = preflight.toBuilder().addChecks(check(code, false, sentence, mayOverrule)).build();
  }

  public void relayAt(String address) {
    relay = address;
  }

  /** Refuses to start drills. */
  public void refuse(StatusRuntimeException failure) {
    refusal = failure;
  }

  /** From now on this is the latest drill, under the id of the one that was started. */
  public void become(Drill.Builder drill) {
    String id = started.isEmpty() ? drill.getId() : started.getLast().getMutation().getRequestId();
    Drill now = drill.setId(id).build();
    drills.removeIf(known -> known.getId().equals(id));
    drills.addFirst(now);
  }

  @Override
  public void preflight(PreflightRequest request, StreamObserver<PreflightResponse> observer) {
    preflights.add(request);
    observer.onNext(preflight);
    observer.onCompleted();
  }

  @Override
  public void startDrill(StartDrillRequest request, StreamObserver<Progress> observer) {
    started.add(request);
    StatusRuntimeException failure = refusal;
    if (failure != null) {
      observer.onError(failure);
      return;
    }
    end(
        request.getMutation().getDryRun()
            ? Result.Outcome.OUTCOME_DRY_RUN
            : Result.Outcome.OUTCOME_DONE,
        "the drill is on record",
        observer);
  }

  @Override
  public void abortDrill(AbortDrillRequest request, StreamObserver<Progress> observer) {
    aborted.add(request);
    end(Result.Outcome.OUTCOME_DONE, "the drill was aborted, a goes on serving", observer);
  }

  @Override
  public void measureDrill(MeasureDrillRequest request, StreamObserver<Progress> observer) {
    measured.add(request);
    drills.replaceAll(drill ->
        drill.getId().equals(request.getDrill())
            ? drill.toBuilder().setMeasurement(request.getMeasurement()).build()
            : drill);
    end(Result.Outcome.OUTCOME_DONE, "kept", observer);
  }

  @Override
  public void listDrills(ListDrillsRequest request, StreamObserver<ListDrillsResponse> observer) {
    observer.onNext(
        ListDrillsResponse.newBuilder()
            .addAllDrills(
                drills.stream()
                    .filter(drill -> drill.getGateway().equals(request.getGateway()))
                    .limit(request.getLimit())
                    .toList())
            .build());
    observer.onCompleted();
  }

  @Override
  public void getRelay(GetRelayRequest request, StreamObserver<GetRelayResponse> observer) {
    observer.onNext(GetRelayResponse.newBuilder().setAddress(relay).build());
    observer.onCompleted();
  }

  private static void end(
      Result.Outcome outcome, String sentence, StreamObserver<Progress> observer) {
    observer.onNext(
        Progress.newBuilder()
            .setGateway("live")
            .setResult(Result.newBuilder().setOutcome(outcome).setSentence(sentence))
            .build());
    observer.onCompleted();
  }
}
