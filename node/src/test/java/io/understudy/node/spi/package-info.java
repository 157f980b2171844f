/** What every driver must do: contracts that real drivers and fakes pass, and the fakes. */
@NullMarked
package io.understudy.node.spi;

import org.jspecify.annotations.NullMarked;
