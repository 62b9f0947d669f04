package io.eddy.kafka.record;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** View of a double array as the list that Avro expects. */
final class DoubleList extends AbstractList<Double> implements RandomAccess {
  private final double[] values;

  DoubleList(double[] values) {
    this.values = values;
  }

  static double[] toArray(List<Double> list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i);
    }
    return values;
  }

  @Override
  public Double get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }
}
