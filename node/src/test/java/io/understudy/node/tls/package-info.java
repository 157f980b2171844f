/** Tests of what running daemons re-read. */
@NullMarked
package io.understudy.node.tls;

import org.jspecify.annotations.NullMarked;
