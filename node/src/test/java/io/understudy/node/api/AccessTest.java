package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.ProbeRequest;
import java.util.Iterator;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessTest {
  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  private final InProcessApi api = new InProcessApi(control);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void everyMethodOfTheServerHasARowInTheAccessTable() {
    List<String> withoutRow =
        api.server().getServices().stream()
            .flatMap(service -> service.getMethods().stream())
            .<MethodDescriptor<?, ?>>map(ServerMethodDefinition::getMethodDescriptor)
            .filter(method -> AccessTable.allowed(method).isEmpty())
            .map(MethodDescriptor::getFullMethodName)
            .toList();
    assertThat(withoutRow).isEmpty();
  }

  @Test
  void mutationsAreForOperatorsOnly() {
    List<String> forOthers =
        ControlPlaneGrpc.getServiceDescriptor().getMethods().stream()
            .filter(method -> AccessTable.allowed(method).contains(CallerRole.VIEWER))
            .map(method -> method.getBareMethodName() + "")
            .toList();
    assertThat(forOthers).containsExactlyInAnyOrder("GetCluster", "WatchEvents", "ListHistory");
    assertThat(
            DrillsGrpc.getServiceDescriptor().getMethods().stream()
                .filter(method -> AccessTable.allowed(method).contains(CallerRole.VIEWER))
                .map(method -> method.getBareMethodName() + ""))
        .containsExactlyInAnyOrder("Preflight", "ListDrills", "GetRelay");
    assertThat(PeerGrpc.getServiceDescriptor().getMethods())
        .allSatisfy(
            method -> assertThat(AccessTable.allowed(method)).containsExactly(CallerRole.NODE));
  }

  @Test
  void aViewersMutationIsDeniedInASentenceThatNamesBothRoles() {
    Iterator<?> answers =
        ControlPlaneGrpc.newBlockingStub(api.as(CallerRole.VIEWER, "vera"))
            .logout(MutationRequest.getDefaultInstance());
    StatusRuntimeException denied =
        catchThrowableOfType(StatusRuntimeException.class, answers::hasNext);
    assertThat(denied.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(denied.getStatus().getDescription()).contains("vera", "viewer", "operator");
    assertThat(ErrorInfos.of(denied).getReason()).isEqualTo("PERMISSION_DENIED");
    assertThat(control.submitted()).isEmpty();
  }

  @Test
  void aCallerWithoutRoleIsUnauthenticated() {
    assertThatThrownBy(() ->
            ControlPlaneGrpc.newBlockingStub(api.channel("witness.w"))
                .getCluster(GetClusterRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
  }

  @Test
  void anOperatorMayNotPlayANode() {
    assertThatThrownBy(
            () -> PeerGrpc.newBlockingStub(api.operator()).probe(ProbeRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  void everyRoleMayAskForHealth() {
    for (CallerRole role : CallerRole.values()) {
      ServingStatus status =
          HealthGrpc.newBlockingStub(api.as(role, "x"))
              .check(
                  HealthCheckRequest.newBuilder().setService(ControlPlaneGrpc.SERVICE_NAME).build())
              .getStatus();
      assertThat(status).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void aRoleIsReadOnlyFromAnUnambiguousCertificate() {
    assertThat(identify("CN=olga,OU=operator,O=demo"))
        .isEqualTo(new CallerSource.Identification.Known(new Caller("olga", CallerRole.OPERATOR)));
    assertThat(identify("CN=a,OU=node"))
        .isEqualTo(new CallerSource.Identification.Known(new Caller("a", CallerRole.NODE)));
    for (String doubtful :
        List.of("CN=w,OU=witness", "CN=x,OU=viewer,OU=operator", "OU=operator", "CN=x")) {
      assertThat(identify(doubtful)).isInstanceOf(CallerSource.Identification.Unknown.class);
    }
  }

  private static CallerSource.Identification identify(String subject) {
    return CertificateCallers.identify(new X500Principal(subject));
  }
}
