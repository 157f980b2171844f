/**
 * The broker: plays IBKR for every stand-in and judges what it sees.
 *
 * <p>{@link io.understudy.simulator.broker.Broker} owns all state under one lock; {@link
 * io.understudy.simulator.broker.Judge} holds the rules that no cluster may break.
 */
@NullMarked
package io.understudy.simulator.broker;

import org.jspecify.annotations.NullMarked;
