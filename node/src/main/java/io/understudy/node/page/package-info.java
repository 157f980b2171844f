/**
 * The status page: one document, one script and one stylesheet over HTTPS on the tunnel address,
 * fed by server-sent events. It reads the published status and the history, and changes nothing.
 * Whoever has a client certificate of the API's authority or the viewer token may look.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.page;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
