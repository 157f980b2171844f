/**
 * A seeded simulation of whole clusters: real decision cores, and a fake world around them (clocks,
 * coordination, gateways, broker, clients, operators) that misbehaves on purpose. One thread, one
 * queue of events, one source of randomness: the same seed gives the same run.
 */
@NullMarked
package io.understudy.node.sim;

import org.jspecify.annotations.NullMarked;
