/** Tests of the pieces that the demo is made of. */
@NullMarked
package io.understudy.lab;

import org.jspecify.annotations.NullMarked;
