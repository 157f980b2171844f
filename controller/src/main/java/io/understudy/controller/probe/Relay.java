package io.understudy.controller.probe;

/**
 * Where trading clients connect to a node.
 *
 * @param node its name, under which what was seen is kept
 */
public record Relay(String node, String host, int port) {}
