package io.eddy.forecast.combination;

import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a series' state that belongs to the combination. Empty if the model combines nothing.
 * Used by one thread.
 */
public final class CombinationState {
  private final ModelSpecification.Output output;
  final ComponentState components;
  final List<GroupState> groups;

  /** Creates the zero state of a model's combination. */
  public CombinationState(ModelSpecification.Output output) {
    CombinationSpec spec = output.combination();
    int levels = ScoredLevels.count(output);
    this.output = output;
    components = new ComponentState(spec);
    groups = new ArrayList<>(spec.groups().size());
    for (CombinationSpec.Group group : spec.groups()) {
      int slots = GroupSchedule.slots(group.lastStep());
      groups.add(new GroupState(spec.components(), levels, slots));
    }
  }

  /** Returns an independent copy. */
  public CombinationState copy() {
    CombinationState copy = new CombinationState(output);
    copy.components.copyFrom(components);
    for (int g = 0; g < groups.size(); g++) {
      copy.groups.get(g).copyFrom(groups.get(g));
    }
    return copy;
  }

  /** Resets to the zero state. */
  public void clear() {
    components.clear();
    groups.forEach(GroupState::clear);
  }

  /** Returns the number of bytes that {@link #put} writes: 0 if nothing is combined. */
  public int bytes() {
    int size = groups.isEmpty() ? 0 : components.bytes();
    for (GroupState group : groups) {
      size += group.bytes();
    }
    return size;
  }

  /** Writes the state, big-endian. */
  public void put(ByteBuffer bytes) {
    if (!groups.isEmpty()) {
      components.put(bytes);
      groups.forEach(group -> group.put(bytes));
    }
  }

  /** Reads a state of the same model. */
  public void get(ByteBuffer bytes) {
    if (!groups.isEmpty()) {
      components.get(bytes);
      groups.forEach(group -> group.get(bytes));
    }
  }
}
