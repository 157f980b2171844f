/** One-time codes (RFC 6238) from a shared secret that lies in a file. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.totp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
