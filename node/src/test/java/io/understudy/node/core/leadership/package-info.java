/** Tests of leases, their arithmetic, and directives. */
@NullMarked
package io.understudy.node.core.leadership;

import org.jspecify.annotations.NullMarked;
