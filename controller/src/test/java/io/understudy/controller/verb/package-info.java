/** Tests of every verb against nodes in this process. */
@NullMarked
package io.understudy.controller.verb;

import org.jspecify.annotations.NullMarked;
