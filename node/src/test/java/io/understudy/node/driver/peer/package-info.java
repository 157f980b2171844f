/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.driver.peer;

import org.jspecify.annotations.NullMarked;
