/** Tests of the notification protocol, against a real socket that plays systemd. */
@NullMarked
package io.understudy.node.driver.systemd;

import org.jspecify.annotations.NullMarked;
