/** Hand-written stand-ins for the loop, for tests of what reads its status or talks to it. */
@NullMarked
package io.understudy.node.testing;

import org.jspecify.annotations.NullMarked;
