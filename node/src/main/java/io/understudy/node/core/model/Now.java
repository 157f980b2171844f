package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;
import java.time.Instant;

/**
 * Both clocks, read together. Wall time serves one-time codes, schedules and records; every
 * deadline is monotonic. The two never mix.
 */
@Immutable
public record Now(Instant wall, MonotonicTime monotonic) {}
