/** Tests of the mapping between the core's records and messages. */
@NullMarked
package io.understudy.node.wire;

import org.jspecify.annotations.NullMarked;
