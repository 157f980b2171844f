/** Tests of what the doctor asks a real machine. */
@NullMarked
package io.understudy.bundle.doctor.machine;

import org.jspecify.annotations.NullMarked;
