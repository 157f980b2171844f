/**
 * The checks of the doctor. Each compares one side of a host with its manifest and returns
 * findings; none changes anything.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.doctor.check;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
