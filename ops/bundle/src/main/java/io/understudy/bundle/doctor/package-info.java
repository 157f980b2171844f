/**
 * What a host should be ({@link io.understudy.bundle.doctor.HostManifest}, which every bundle
 * carries), and the checks that compare a living host with it.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.doctor;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
