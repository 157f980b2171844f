/**
 * Talks to a cluster: contexts, certificates, channels, finding the leader, following a long
 * operation, and one place that turns every failure into a sentence and an exit code. Prints
 * nothing.
 */
@CheckReturnValue
@NullMarked
package io.understudy.controller.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
