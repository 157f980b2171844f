/**
 * Coordination on a ZooKeeper ensemble through Apache Curator. Curator keeps the connection and the
 * election entries; every call that decides something goes to the ZooKeeper handle itself, one
 * handle being one session, so that an answer always belongs to the session that asked.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.zookeeper;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
