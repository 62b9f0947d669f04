package io.eddy.forecast.step;

import io.eddy.series.store.StoreKey;

/**
 * The key of one slot in the ring of a dilated layer.
 *
 * @param member of the model, from 0
 * @param layer of the member, from the bottom
 * @param index in the ring, from 0
 */
public record RingSlot(int member, int layer, int index) implements StoreKey<RingSlotState> {
  @Override
  public Class<RingSlotState> valueType() {
    return RingSlotState.class;
  }
}
