/** The daemon: command line, wiring (the only place that constructs drivers), start and stop. */
@NullMarked
package io.understudy.node;

import org.jspecify.annotations.NullMarked;
