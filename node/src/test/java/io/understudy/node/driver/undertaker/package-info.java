/** Tests of what a daemon leaves behind: a real one that is killed, and a real undertaker. */
@NullMarked
package io.understudy.node.driver.undertaker;

import org.jspecify.annotations.NullMarked;
