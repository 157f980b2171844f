/** Tests of figures, reports and slots, with fixed drills. */
@NullMarked
package io.understudy.controller.drill;

import org.jspecify.annotations.NullMarked;
