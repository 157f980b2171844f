/** What an account is worth and what its orders came to, as read once a minute; pure. */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.account;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
