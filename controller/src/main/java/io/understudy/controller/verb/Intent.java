package io.understudy.controller.verb;

import io.grpc.StatusException;
import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;

/** What a changing verb wants: how it is explained, and how it is sent. */
interface Intent {
  /** Says what would happen; throws when the command makes no sense for this gateway. */
  Plan plan(Cluster cluster, Gateway gateway);

  Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request)
      throws InterruptedException, StatusException;
}
