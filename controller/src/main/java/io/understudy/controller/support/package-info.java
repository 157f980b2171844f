/** What a host can tell of itself to somebody who helps from afar, without its secrets. */
@NullMarked
@CheckReturnValue
package io.understudy.controller.support;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
