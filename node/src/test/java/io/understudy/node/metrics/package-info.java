/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.metrics;

import org.jspecify.annotations.NullMarked;
