/** Tests of the journal: every kind of line there and back, bounded files, and exact replay. */
@NullMarked
package io.understudy.node.driver.journal;

import org.jspecify.annotations.NullMarked;
