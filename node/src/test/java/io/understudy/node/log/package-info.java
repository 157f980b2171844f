/** Tests of how a line of the log is written. */
@NullMarked
package io.understudy.node.log;

import org.jspecify.annotations.NullMarked;
