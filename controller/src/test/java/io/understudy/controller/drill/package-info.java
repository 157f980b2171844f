@NullMarked
package io.understudy.controller.drill;

import org.jspecify.annotations.NullMarked;
