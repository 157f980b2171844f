/** Tests of the authority: what it issues, keeps, rotates and revokes. */
@NullMarked
package io.understudy.bundle.authority;

import org.jspecify.annotations.NullMarked;
