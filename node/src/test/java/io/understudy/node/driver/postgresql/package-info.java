/** Tests of expected positions from a real PostgreSQL. */
@NullMarked
package io.understudy.node.driver.postgresql;

import org.jspecify.annotations.NullMarked;
