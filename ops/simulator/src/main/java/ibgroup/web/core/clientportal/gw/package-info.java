/**
 * Holds the stand-in's main class under the name of the genuine one, so that both start alike. The
 * code is our own; the genuine program is no part of this project.
 */
@NullMarked
package ibgroup.web.core.clientportal.gw;

import org.jspecify.annotations.NullMarked;
