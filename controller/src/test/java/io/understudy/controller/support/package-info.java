/** Tests of the support bundle. */
@NullMarked
package io.understudy.controller.support;

import org.jspecify.annotations.NullMarked;
