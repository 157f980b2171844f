package io.understudy.bundle.authority;

/** Something of the folder, and the state that remembers what was made for it. */
record Kept<T>(State state, T value) {}
