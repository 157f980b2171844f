package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.GatewayId;
import java.nio.file.Path;

/**
 * How the processes that a gateway driver starts are recognised from outside, also by another
 * program and after our death.
 *
 * @param markers arguments that only they carry, each alone enough
 * @param pidFile holds pid and start time (milliseconds since 1970) of the last gateway program
 * @param port of the gateway's API on loopback
 */
public record GatewayTraces(
    GatewayId gateway, ImmutableList<String> markers, Path pidFile, int port) {}
