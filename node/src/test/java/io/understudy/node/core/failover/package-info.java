/** Tests of the decision core: tables and single decisions; the simulation plays whole clusters. */
@NullMarked
package io.understudy.node.core.failover;

import org.jspecify.annotations.NullMarked;
