/** Rules about the code itself: who may use whom, and what every file must have. */
@NullMarked
package io.understudy.node.arch;

import org.jspecify.annotations.NullMarked;
