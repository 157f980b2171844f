/** Tests of coordination against real ZooKeeper servers. */
@NullMarked
package io.understudy.node.driver.zookeeper;

import org.jspecify.annotations.NullMarked;
