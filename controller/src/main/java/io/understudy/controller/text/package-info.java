/** Words for people that every other package needs. */
@CheckReturnValue
@NullMarked
package io.understudy.controller.text;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
