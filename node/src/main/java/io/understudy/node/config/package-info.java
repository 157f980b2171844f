/**
 * The node's configuration: one strict YAML file, bound to immutable records with all problems
 * reported at once, and the files that it names (secrets, certificates, private directories).
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
