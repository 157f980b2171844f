/**
 * What is in effect of the files that a running daemon re-reads: certificates, keys, authorities
 * and the list of revoked certificates. Only sound files take effect.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.tls;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
