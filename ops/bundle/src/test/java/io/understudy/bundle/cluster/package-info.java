/** Tests of the cluster file: what it may say, and what is said when it cannot be used. */
@NullMarked
package io.understudy.bundle.cluster;

import org.jspecify.annotations.NullMarked;
