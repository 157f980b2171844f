/**
 * IBKR's Client Portal Gateway: its process, its login page in a headless browser, its REST
 * interface.
 *
 * <p>{@link io.understudy.node.driver.clientportal.ClientPortalDriver} is the entry. Everything
 * that the gateway writes lies in a private directory below the node's state directory, because its
 * logs may hold session cookies.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.clientportal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
