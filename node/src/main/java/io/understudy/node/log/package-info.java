/**
 * How a line of the log is written: as text or JSON, for a file or for the journal of systemd. What
 * is logged is everybody's own business, by way of SLF4J.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.log;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
