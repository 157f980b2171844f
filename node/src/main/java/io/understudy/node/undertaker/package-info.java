/**
 * The undertaker: a program of its own that runs after the daemon has died. It makes sure that the
 * gateways have died too, and only then closes the dead daemon's coordination session, so that the
 * standby need not wait for the session's timeout.
 *
 * <p>It starts anew at each crash and must be quick, so it uses nothing but the JDK: no Curator, no
 * Netty, no Guava, no logger. The daemon uses {@link io.understudy.node.undertaker.LifeRecord} to
 * leave behind what it has to know.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.undertaker;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
