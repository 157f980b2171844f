/** The fake nodes and the harness that the tests of this module share. */
@NullMarked
package io.understudy.controller;

import org.jspecify.annotations.NullMarked;
