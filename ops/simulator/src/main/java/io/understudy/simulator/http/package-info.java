/**
 * A small HTTP/1.1 server and client over plain sockets.
 *
 * <p>The JDK's server and client are not used because the simulator has to misbehave on command
 * (never answer, drop the connection, take a connection over) and has to write each answer in one
 * piece: the genuine gateway parses every received network buffer as a whole answer.
 */
@NullMarked
package io.understudy.simulator.http;

import org.jspecify.annotations.NullMarked;
