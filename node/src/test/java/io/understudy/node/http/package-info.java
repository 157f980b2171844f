/** Tests of the package of the same name. */
@NullMarked
package io.understudy.node.http;

import org.jspecify.annotations.NullMarked;
