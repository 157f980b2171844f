/**
 * Speaks systemd's notification protocol (sd_notify) through {@code java.lang.foreign}: readiness,
 * signs of life for its watchdog, and a status line.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.systemd;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
