/** Tests of what a node makes of its probes. */
@NullMarked
package io.understudy.node.core.peers;

import org.jspecify.annotations.NullMarked;
