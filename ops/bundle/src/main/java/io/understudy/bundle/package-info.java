/**
 * One file describes a cluster ({@link io.understudy.bundle.cluster}), an authority holds its keys
 * and certificates ({@link io.understudy.bundle.authority}), and from the two comes one bundle for
 * each host ({@link io.understudy.bundle.render}).
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
