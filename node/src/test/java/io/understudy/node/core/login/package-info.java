/** Tests of the login ledger and its budget. */
@NullMarked
package io.understudy.node.core.login;

import org.jspecify.annotations.NullMarked;
