/** Tests of expected positions from files. */
@NullMarked
package io.understudy.node.driver.file;

import org.jspecify.annotations.NullMarked;
