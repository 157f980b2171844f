package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;

/**
 * A node's place in a gateway's election: the name of its ephemeral sequential entry. While the
 * entry exists nobody can come before it, so "the ticket was first once and still exists" means
 * "still elected".
 */
@Immutable
public record ElectionTicket(String name) {}
