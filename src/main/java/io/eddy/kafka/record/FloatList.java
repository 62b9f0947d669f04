package io.eddy.kafka.record;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** View of a float array as the list that Avro expects. */
final class FloatList extends AbstractList<Float> implements RandomAccess {
  private final float[] values;

  FloatList(float[] values) {
    this.values = values;
  }

  static float[] toArray(List<Float> list) {
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return values;
  }

  @Override
  public Float get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }
}
