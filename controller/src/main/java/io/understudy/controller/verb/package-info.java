/**
 * One class per verb, the options that they share, and the questions that they ask before they
 * change something.
 */
@NullMarked
package io.understudy.controller.verb;

import org.jspecify.annotations.NullMarked;
