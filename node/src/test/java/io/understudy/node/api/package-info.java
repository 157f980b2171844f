/** Tests of the gRPC server. */
@NullMarked
package io.understudy.node.api;

import org.jspecify.annotations.NullMarked;
