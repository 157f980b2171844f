/** Tests of the programs themselves. */
@NullMarked
package io.understudy.simulator;

import org.jspecify.annotations.NullMarked;
