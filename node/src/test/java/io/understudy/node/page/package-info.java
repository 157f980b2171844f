/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.page;

import org.jspecify.annotations.NullMarked;
