/** Tests of the Client Portal driver, against the simulator's gateway program and broker. */
@NullMarked
package io.understudy.node.driver.clientportal;

import org.jspecify.annotations.NullMarked;
