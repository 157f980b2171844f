/** Tests of a host's manifest, with hosts that the tests of the checks share. */
@NullMarked
package io.understudy.bundle.doctor;

import org.jspecify.annotations.NullMarked;
