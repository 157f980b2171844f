/** Rules about the code itself. */
@NullMarked
package io.understudy.controller.arch;

import org.jspecify.annotations.NullMarked;
