package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;

/**
 * How a record looks in JSON. Learnt by reflection, so that a new observation or effect needs no
 * line of code here; the core's own records may be hidden in their package.
 *
 * @param named one of the alternatives of a sealed interface: its simple name goes with it
 */
record Shape(boolean named, ImmutableList<Part> parts, Constructor<?> constructor) {
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return learn(type);
        }
      };

  /** A component of a record. */
  record Part(String name, Type type, Method accessor) {
    Object of(Object value) {
      try {
        return accessor.invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("component " + name + " of " + value.getClass(), e);
      }
    }
  }

  static Shape of(Class<?> type) {
    return SHAPES.get(type);
  }

  /** A record of one component that is no alternative of anything: written as that component. */
  boolean transparent() {
    return !named && parts.size() == 1;
  }

  private static Shape learn(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return new Shape(
          Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed),
          Arrays.stream(components).map(Shape::part).collect(ImmutableList.toImmutableList()),
          constructor);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no canonical constructor", e);
    }
  }

  private static Part part(RecordComponent component) {
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return new Part(component.getName(), component.getGenericType(), accessor);
  }

  /** The records that a sealed interface permits, down through interfaces between. */
  static ImmutableList<Class<?>> alternatives(Class<?> type) {
    if (!type.isSealed()) {
      return ImmutableList.of(type);
    }
    return Arrays.stream(type.getPermittedSubclasses())
        .flatMap(permitted -> alternatives(permitted).stream())
        .collect(ImmutableList.toImmutableList());
  }
}
