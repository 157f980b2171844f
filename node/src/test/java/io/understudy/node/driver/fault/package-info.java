/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.driver.fault;

import org.jspecify.annotations.NullMarked;
