/** Tests of the doctor's checks, each on a machine that is described by hand. */
@NullMarked
package io.understudy.bundle.doctor.check;

import org.jspecify.annotations.NullMarked;
