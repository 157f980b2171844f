package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.MonotonicTime;
import java.util.Optional;

/**
 * What came of one probe.
 *
 * @param sentAt before it went out
 * @param answer empty when none came in time
 * @param tunnel to the peer, as seen after the probe
 */
@Immutable
public record PeerProbe(MonotonicTime sentAt, Optional<PeerAnswer> answer, TunnelSight tunnel) {}
