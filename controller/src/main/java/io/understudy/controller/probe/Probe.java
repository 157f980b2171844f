package io.understudy.controller.probe;

/**
 * One request through a relay, with both times by {@link System#nanoTime}.
 *
 * @param at when it was answered, or given up
 */
public record Probe(String node, long sent, long at, boolean answered) {}
