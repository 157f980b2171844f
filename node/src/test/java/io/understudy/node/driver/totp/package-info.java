/** Tests of the one-time codes. */
@NullMarked
package io.understudy.node.driver.totp;

import org.jspecify.annotations.NullMarked;
