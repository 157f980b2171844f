package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;

/**
 * "This node may hold the brokerage session since this epoch": written before a login is submitted,
 * cleared after a confirmed logout. Survives every crash; a custody found by the next leader tells
 * it whom to fence.
 */
@Immutable
public record Custody(NodeId node, InstanceId instance, Epoch epoch, Instant since) {}
