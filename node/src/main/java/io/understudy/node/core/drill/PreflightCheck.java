package io.understudy.node.core.drill;

import com.google.errorprone.annotations.Immutable;

/**
 * One thing that must be so before a drill begins.
 *
 * @param code stable, for example {@code QUORUM_NOT_FULL}: what is wrong when it did not pass
 * @param sentence what was found; for one that did not pass also what to do
 * @param mayOverrule an operator may take it upon himself
 */
@Immutable
public record PreflightCheck(String code, boolean passed, String sentence, boolean mayOverrule) {}
