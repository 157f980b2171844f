package io.understudy.node.config;

import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;

/**
 * The gRPC endpoint for operators and peers.
 *
 * @param advertise the address that peers and operators are told
 */
@Immutable
public record ApiConfig(HostAndPort listen, HostAndPort advertise, TlsFiles tls) {}
