/**
 * What can be asked of the machine that the doctor runs on: the output of commands, files, other
 * hosts. Each question has a deadline, and an answer that is missing says why.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.doctor.machine;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
