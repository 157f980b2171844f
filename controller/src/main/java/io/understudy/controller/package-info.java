/**
 * The operators' command line {@code understudy}: {@link io.understudy.controller.Main} only. Verbs
 * are in {@code verb}, what talks to the nodes in {@code client}, what people and programs read in
 * {@code output}.
 */
@NullMarked
package io.understudy.controller;

import org.jspecify.annotations.NullMarked;
