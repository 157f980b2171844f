/**
 * The stand-in of the Client Portal Gateway: local routes, proxying with a cookie jar of its own,
 * and what the genuine program does by itself after a login.
 */
@NullMarked
package io.understudy.simulator.gateway;

import org.jspecify.annotations.NullMarked;
