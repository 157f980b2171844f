package io.understudy.bundle.cluster;

import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * One machine.
 *
 * @param id its name in the cluster, a DNS label
 * @param endpoint where its WireGuard listens on the public network; empty for a host that only
 *     calls (an operator's laptop)
 * @param address its IPv4 address inside the tunnel
 */
@Immutable
public record Host(String id, HostRole role, Optional<HostAndPort> endpoint, String address) {}
