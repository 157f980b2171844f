/**
 * What came of a drill: its figures, its report in three forms, drills compared by quarter, and
 * when the next one is due. Pure but for the writing of files.
 */
@CheckReturnValue
@NullMarked
package io.understudy.controller.drill;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
