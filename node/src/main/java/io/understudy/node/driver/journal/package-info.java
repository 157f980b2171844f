/**
 * The journal: a line of JSON for every pass of the loop, and the replay that runs those lines
 * through the core again.
 */
@NullMarked
package io.understudy.node.driver.journal;

import org.jspecify.annotations.NullMarked;
