/**
 * Turns the cluster file and the authority into one bundle for each host. Pure: the same input
 * gives the same bytes.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.render;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
