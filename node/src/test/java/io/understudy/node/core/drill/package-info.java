/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.core.drill;

import org.jspecify.annotations.NullMarked;
