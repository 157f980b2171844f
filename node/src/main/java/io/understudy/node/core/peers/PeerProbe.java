package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.MonotonicTime;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of one probe.
 *
 * @param sentAt before it went out
 * @param answer empty when none came in time
 * @param handshakeAt when the tunnel to the peer last renewed its keys; empty where that cannot be
 *     read
 */
@Immutable
public record PeerProbe(
    MonotonicTime sentAt, Optional<PeerAnswer> answer, Optional<Instant> handshakeAt) {}
