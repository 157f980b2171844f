/**
 * The folder that holds a cluster's secrets of its own: the keys of its tunnels, its certificate
 * authorities, every certificate that they issued, and how far a rotation has come. It stays with
 * whoever administers the cluster.
 */
@NullMarked
@CheckReturnValue
package io.understudy.bundle.authority;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
