/** Tests of the configuration file: defaults, mistakes, and secrets. */
@NullMarked
package io.understudy.node.config;

import org.jspecify.annotations.NullMarked;
