/**
 * The gRPC server: who may call what, what a request must look like, how a refusal is worded, and
 * how a long operation is followed until its goal is reached. It decides nothing: it submits
 * commands to the loop and reads the status that the loop publishes. Start reading at {@link
 * io.understudy.node.api.ApiServer}.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.api;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
