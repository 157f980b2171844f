package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;

/** The health and metrics endpoints; none where the list is empty. */
@Immutable
public record HttpConfig(ImmutableList<HostAndPort> listen) {}
