package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.Decoder;
import io.eddy.model.Head;
import io.eddy.model.InputEncoder;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Trainable parameters of a model: a stack of layers and a head, modified in place. */
final class TrainableNet {
  private static final float HEAD_BOUND = 0.1f;

  private final List<LayerParameters> layers;
  private final CellStack stack;
  private final Decoder head;
  private final Baseline base;

  private TrainableNet(List<LayerParameters> layers, CellStack stack, Decoder head, Baseline base) {
    this.layers = layers;
    this.stack = stack;
    this.head = head;
    this.base = base;
  }

  /** Creates a network with random weights. Its initial forecasts are close to the baseline. */
  static TrainableNet random(
      ModelSpecification specification, Baseline base, RandomGenerator random) {
    ModelSpecification.Network network = specification.network();
    List<LayerParameters> layers = new ArrayList<>();
    int size = new InputEncoder(specification).size();
    for (int i = 0; i < network.layers(); i++) {
      layers.add(
          LayerParameters.random(
              network.cell(), new LayerParameters.Sizes(size, network.hiddenSize()), random));
      size = network.hiddenSize();
    }
    return new TrainableNet(
        layers,
        new CellStack(layers, network.dilations()),
        Decoder.random(specification, HEAD_BOUND, random),
        base);
  }

  /** Creates a network with a copy of a member's weights. */
  static TrainableNet of(Member member) {
    TrainableNet net = random(member.specification(), member.baseline(), new SplittableRandom(0));
    CellStack stack = member.stack();
    List<LayerParameters> layers =
        IntStream.range(0, stack.size()).mapToObj(stack::parameters).toList();
    net.set(arrays(layers, member.head().decoder()));
    return net;
  }

  /** Copies the values of arrays of the same shapes into the parameters. */
  void set(List<float[]> from) {
    copy(from, arrays());
  }

  static void copy(List<float[]> from, List<float[]> to) {
    for (int i = 0; i < to.size(); i++) {
      System.arraycopy(from.get(i), 0, to.get(i), 0, to.get(i).length);
    }
  }

  CellStack stack() {
    return stack;
  }

  Decoder head() {
    return head;
  }

  /** Returns the baseline that the network corrects. It is fitted in advance and not trained. */
  Baseline base() {
    return base;
  }

  /** Returns zeros in the shapes of the layers. */
  List<LayerParameters> layerZeros() {
    return layers.stream().map(LayerParameters::zeros).toList();
  }

  /** Returns all arrays: the layers, bottom layer first, then the head. */
  List<float[]> arrays() {
    return arrays(layers, head);
  }

  /**
   * Returns, for each of {@link #arrays}, whether it holds weights and not biases, embeddings or
   * rates.
   */
  boolean[] areWeights() {
    Set<float[]> biases = Collections.newSetFromMap(new IdentityHashMap<>());
    layers.forEach(layer -> biases.addAll(layer.biases()));
    biases.addAll(head.biases());
    List<float[]> arrays = arrays();
    boolean[] areWeights = new boolean[arrays.size()];
    for (int i = 0; i < areWeights.length; i++) {
      areWeights[i] = !biases.contains(arrays.get(i));
    }
    return areWeights;
  }

  static List<float[]> arrays(List<LayerParameters> layers, Decoder head) {
    List<float[]> arrays = new ArrayList<>();
    layers.forEach(layer -> arrays.addAll(layer.arrays()));
    arrays.addAll(head.arrays());
    return arrays;
  }

  /** Returns a member that shares these parameters. */
  Member toMember(ModelSpecification specification) {
    return new Member(specification, stack, new Head(specification, head), base);
  }
}
