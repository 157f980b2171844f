package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.Host;

/**
 * Everything that one host needs, and no other host's secrets.
 *
 * @param files in the order of their targets
 */
@Immutable
public record Bundle(Host host, ImmutableList<RenderedFile> files) {}
