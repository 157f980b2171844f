package io.understudy.controller.client;

import java.time.Duration;

/**
 * How long to wait for what.
 *
 * @param answer until the first answer of the leader, with all attempts to find it
 * @param end until the operation has ended
 * @param untilEnd whether to wait for the end at all
 */
public record Patience(Duration answer, Duration end, boolean untilEnd) {}
