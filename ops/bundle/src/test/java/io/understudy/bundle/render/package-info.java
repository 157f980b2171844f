/** Tests of rendering, with the programs that read what is rendered. */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.render;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
