package io.understudy.node.sim;

import java.util.Arrays;

/**
 * What is going to happen, in order of time; at the same time, in the order in which it was put in.
 * A binary heap over plain arrays, because half of the simulation's time would go into it else.
 */
final class Agenda {
  private long[] times = new long[256];
  private long[] numbers = new long[256];
  private Runnable[] actions = new Runnable[256];
  private int size;
  private long count;

  boolean isEmpty() {
    return size == 0;
  }

  long firstTime() {
    return times[0];
  }

  /** How many were ever put in before the first one. */
  long firstNumber() {
    return numbers[0];
  }

  void add(long time, Runnable action) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
      actions = Arrays.copyOf(actions, 2 * size);
    }
    long number = count++;
    int place = size++;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (times[parent] <= time) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    put(place, time, number, action);
  }

  Runnable removeFirst() {
    Runnable first = actions[0];
    size--;
    long time = times[size];
    long number = numbers[size];
    Runnable action = actions[size];
    int place = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && before(child + 1, times[child], numbers[child])) {
        child++;
      }
      if (!before(child, time, number)) {
        break;
      }
      move(child, place);
      place = child;
      child = 2 * place + 1;
    }
    put(place, time, number, action);
    return first;
  }

  private boolean before(int place, long time, long number) {
    return times[place] < time || (times[place] == time && numbers[place] < number);
  }

  private void move(int from, int to) {
    put(to, times[from], numbers[from], actions[from]);
  }

  private void put(int place, long time, long number, Runnable action) {
    times[place] = time;
    numbers[place] = number;
    actions[place] = action;
  }
}
