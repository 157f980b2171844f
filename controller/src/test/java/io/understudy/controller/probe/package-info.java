@NullMarked
package io.understudy.controller.probe;

import org.jspecify.annotations.NullMarked;
