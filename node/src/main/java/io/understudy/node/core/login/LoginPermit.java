package io.understudy.node.core.login;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;

/** Entitles to one submission of credentials; granted by a transaction in coordination. */
@Immutable
public record LoginPermit(String attemptId, Epoch epoch) {}
