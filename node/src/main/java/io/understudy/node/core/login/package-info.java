/** The login budget, the ledger of login attempts, and the rules of one-time codes. */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.login;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
