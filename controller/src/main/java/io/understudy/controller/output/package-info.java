/**
 * What people and programs read: tables, JSON and YAML, live progress, prompts. Knows the wire
 * formats and nothing of connections.
 */
@NullMarked
package io.understudy.controller.output;

import org.jspecify.annotations.NullMarked;
