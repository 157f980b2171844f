/**
 * The plain HTTP endpoints for health probes, load balancers and Prometheus. Read-only, from the
 * published status; no secrets, no accounts.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
