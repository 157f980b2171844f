/**
 * The one thread that owns all state: mailbox, passes, lanes that carry out effects, and the status
 * that others may read.
 */
@NullMarked
package io.understudy.node.loop;

import org.jspecify.annotations.NullMarked;
