/** Tests of the comparison of positions. */
@NullMarked
package io.understudy.node.core.positions;

import org.jspecify.annotations.NullMarked;
