package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;

/**
 * A coordination server as this node sees it.
 *
 * @param server host:port as in the connect string
 * @param up whether it answers and takes part in a quorum (or stands alone)
 * @param mode what it says of itself, for example {@code leader}, {@code follower} or {@code
 *     standalone}; else in one sentence what was wrong
 */
@Immutable
public record ServerView(String server, boolean up, String mode) {}
