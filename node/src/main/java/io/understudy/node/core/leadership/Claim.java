package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;

/** The highest epoch and who claimed it. */
@Immutable
public record Claim(Epoch epoch, NodeId node, InstanceId instance, Instant at) {}
