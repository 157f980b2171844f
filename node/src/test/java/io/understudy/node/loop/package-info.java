/**
 * Two whole nodes in one process: the real loop and real ZooKeeper, with a gateway that takes no
 * time.
 */
@NullMarked
package io.understudy.node.loop;

import org.jspecify.annotations.NullMarked;
