package io.understudy.node.api;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.PeerGrpc;

/**
 * Which role may call which method. What is not in the table is allowed to nobody, so a new method
 * needs a row.
 */
final class AccessTable {
  private static final ImmutableSet<CallerRole> EVERYBODY =
      Sets.immutableEnumSet(CallerRole.OPERATOR, CallerRole.VIEWER, CallerRole.NODE);
  private static final ImmutableSet<CallerRole> OPERATORS =
      Sets.immutableEnumSet(CallerRole.OPERATOR);
  private static final ImmutableSet<CallerRole> NODES = Sets.immutableEnumSet(CallerRole.NODE);
  private static final ImmutableSet<CallerRole> NOBODY = ImmutableSet.of();

  private AccessTable() {}

  static ImmutableSet<CallerRole> allowed(MethodDescriptor<?, ?> method) {
    String service = method.getServiceName() == null ? "" : method.getServiceName();
    String name = method.getBareMethodName() == null ? "" : method.getBareMethodName();
    return switch (service) {
      case ControlPlaneGrpc.SERVICE_NAME -> controlPlane(name);
      case DrillsGrpc.SERVICE_NAME -> drills(name);
      case PeerGrpc.SERVICE_NAME -> NODES;
      case HealthGrpc.SERVICE_NAME, ServerReflectionGrpc.SERVICE_NAME -> EVERYBODY;
      default -> NOBODY;
    };
  }

  private static ImmutableSet<CallerRole> controlPlane(String method) {
    return switch (method) {
      case "GetCluster", "WatchEvents", "ListHistory" -> EVERYBODY;
      case "Login",
          "Logout",
          "Failover",
          "Reconcile",
          "SetAutomation",
          "HaltTrading",
          "ResumeTrading",
          "UnlockLogins" ->
          OPERATORS;
      default -> NOBODY;
    };
  }

  private static ImmutableSet<CallerRole> drills(String method) {
    return switch (method) {
      case "Preflight", "ListDrills", "GetRelay" -> EVERYBODY;
      case "StartDrill", "AbortDrill", "MeasureDrill" -> OPERATORS;
      default -> NOBODY;
    };
  }
}
