/** Tests of the probing client against relays on loopback. */
@NullMarked
package io.understudy.controller.probe;

import org.jspecify.annotations.NullMarked;
