/** Tests of the undertaker: real processes, a real ZooKeeper server, and each refusal. */
@NullMarked
package io.understudy.node.undertaker;

import org.jspecify.annotations.NullMarked;
