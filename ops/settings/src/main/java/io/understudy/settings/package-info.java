/**
 * Strict YAML settings: a file is read key by key, every mistake is noted with its line and what
 * was expected, and all of them are reported at once. What the keys mean is for the readers of the
 * node's configuration and of the cluster file.
 */
@NullMarked
@CheckReturnValue
package io.understudy.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
