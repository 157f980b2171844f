/**
 * What {@code cluster.yaml} says, as immutable records, and its strict reader. Pure but for the
 * reading of the file.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
