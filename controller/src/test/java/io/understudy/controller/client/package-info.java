/** Tests of finding a node and following an operation. */
@NullMarked
package io.understudy.controller.client;

import org.jspecify.annotations.NullMarked;
