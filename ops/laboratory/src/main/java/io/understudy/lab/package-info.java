/**
 * A whole cluster of real processes on one machine, on loopback: certificates, ZooKeeper servers,
 * the simulated broker, two nodes with their gateways, and the demo that tells their story. It
 * drives the product only through what an operator has: files, signals and the command line.
 */
@NullMarked
package io.understudy.lab;

import org.jspecify.annotations.NullMarked;
