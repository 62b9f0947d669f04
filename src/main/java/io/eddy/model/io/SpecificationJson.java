package io.eddy.model.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.model.BaselineSpec;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateKind;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.InvalidModelException;
import io.eddy.model.LossKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.Sampling;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The specification as the JSON of a model file's {@code eddy} metadata entry. */
public final class SpecificationJson {
  private static final int FORMAT = 1;

  /** What members may differ in. */
  private static final List<String> DIFFERING = List.of("network", "inputs", "output");

  private static final ObjectMapper JSON = new ObjectMapper();

  private SpecificationJson() {}

  public static String write(ModelSpecification specification) {
    return node(specification).toString();
  }

  /** The first one, and of the others, if there are any, what members may differ in. */
  public static String write(List<ModelSpecification> members) {
    ObjectNode root = node(members.get(0));
    if (members.size() > 1) {
      ArrayNode others = root.putArray("members");
      for (ModelSpecification member : members.subList(1, members.size())) {
        ObjectNode node = node(member);
        others.addObject().setAll(node.retain(DIFFERING));
      }
    }
    return root.toString();
  }

  private static ObjectNode node(ModelSpecification specification) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    ObjectNode network = root.putObject("network");
    network.put("cell", specification.network().cell().id());
    network.put("hiddenSize", specification.network().hiddenSize());
    ArrayNode dilations = network.putArray("dilations");
    specification.network().dilations().forEach(dilations::add);
    network.put("dropout", specification.network().dropout());
    ObjectNode sampling = root.putObject("sampling");
    sampling.put("interval", specification.sampling().interval().toString());
    sampling.put("aggregation", specification.sampling().aggregation().id());
    sampling.put("maxGapSteps", specification.sampling().maxGapSteps());
    if (specification.sampling().gaps() != GapFilling.LAST) {
      sampling.put("gaps", specification.sampling().gaps().id());
    }
    ObjectNode inputs = root.putObject("inputs");
    inputs.put("patch", specification.inputs().patch());
    inputs.put("calendar", specification.inputs().calendar());
    inputs.put("scalerHalfLife", specification.inputs().scalerHalfLife());
    if (specification.inputs().errorHalfLife() > 0) {
      inputs.put("errorHalfLife", specification.inputs().errorHalfLife());
    }
    if (specification.inputs().transform() != Transform.NONE) {
      inputs.put("transform", specification.inputs().transform().id());
    }
    if (!specification.inputs().lags().isEmpty()) {
      ArrayNode lags = inputs.putArray("lags");
      specification.inputs().lags().forEach(lags::add);
    }
    if (!specification.inputs().covariates().isEmpty()) {
      ArrayNode covariates = inputs.putArray("covariates");
      specification.inputs().covariates().forEach(one -> put(covariates.addObject(), one));
    }
    ObjectNode output = root.putObject("output");
    output.put("horizon", specification.output().horizon());
    output.put("head", specification.output().head().id());
    output.put("loss", specification.output().loss().id());
    ArrayNode levels = output.putArray("quantileLevels");
    specification.output().quantileLevels().forEach(levels::add);
    if (specification.output().isClassification()) {
      output.put("classes", specification.output().classes());
    }
    ModelSpecification.Decoding decoding = specification.output().decoding();
    if (decoding.kind() != DecoderKind.LINEAR) {
      ObjectNode decoder = output.putObject("decoder");
      decoder.put("kind", decoding.kind().id());
      decoder.put("width", decoding.width());
    }
    output.put("seasonSteps", specification.output().baseline().seasonSteps());
    if (specification.output().baseline().isLinear()) {
      output.put("lookBack", specification.output().baseline().lookBack());
    }
    if (specification.output().baseline().isYearly()) {
      output.put("yearly", true);
    }
    if (specification.output().isCalibrated()) {
      output.put("calibrationRate", specification.output().calibrationRate());
    }
    put(output, specification.output().warmUpIntervals());
    root.put("contextLength", specification.contextLength());
    ObjectNode provenance = root.putObject("provenance");
    provenance.put("data", specification.provenance().data());
    provenance.put("seed", specification.provenance().seed());
    provenance.put("codeVersion", specification.provenance().codeVersion());
    ObjectNode scores = provenance.putObject("scores");
    new TreeMap<>(specification.provenance().scores()).forEach(scores::put);
    return root;
  }

  private static void put(ObjectNode output, WarmUpIntervals cold) {
    if (!cold.isNone()) {
      ObjectNode node = output.putObject("cold");
      ArrayNode least = node.putArray("leastErrors");
      cold.minErrors().forEach(least::add);
      ArrayNode factors = node.putArray("factors");
      cold.factors().forEach(row -> row.forEach(factors.addArray()::add));
    }
  }

  private static void put(ObjectNode node, Covariate covariate) {
    node.put("name", covariate.name());
    node.put("kind", covariate.kind().id());
    if (covariate.kind() == CovariateKind.STATIC) {
      node.put("mean", covariate.mean());
      node.put("spread", covariate.standardDeviation());
    }
  }

  /** Throws {@link InvalidModelException} that names the field that is missing or wrong. */
  public static ModelSpecification read(String text) {
    return read(parse(text));
  }

  /**
   * The specifications of every member.
   *
   * @throws InvalidModelException that names the field that is missing or wrong, or what the
   *     members should have in common
   */
  static List<ModelSpecification> readMembers(String text) {
    JsonNode root = parse(text);
    List<ModelSpecification> members = new ArrayList<>(List.of(read(root)));
    if (!root.has("members")) {
      return members;
    }
    JsonNode others = new Fields("", root).array("members");
    if (others.size() >= Model.MAX_MEMBERS) {
      throw new InvalidModelException(
          "specification: members: expected at most %d beside the first, got %d",
          Model.MAX_MEMBERS - 1, others.size());
    }
    for (JsonNode other : others) {
      String path = "members.%d.".formatted(members.size());
      members.add(readMember(new Fields(path, other), members.get(0)));
    }
    try {
      Model.requireCompatible(members);
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException("specification: %s", e.getMessage());
    }
    return members;
  }

  private static ModelSpecification readMember(Fields member, ModelSpecification first) {
    try {
      return new ModelSpecification(
          network(member.object("network")),
          first.sampling(),
          inputs(member.object("inputs")),
          output(member.object("output")),
          first.contextLength(),
          first.provenance());
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException("specification: %s%s", member.path(), e.getMessage());
    }
  }

  /** The same for a specification written by hand: format and provenance may be left out. */
  static ModelSpecification readForeign(String text, String source) {
    JsonNode root = parse(text);
    if (root instanceof ObjectNode object) {
      if (!object.has("format")) {
        object.put("format", FORMAT);
      }
      if (!object.has("provenance")) {
        ObjectNode provenance = object.putObject("provenance");
        provenance.put("data", "imported from " + source);
        provenance.put("seed", 0);
        provenance.put("codeVersion", "none");
        provenance.putObject("scores");
      }
    }
    return read(root);
  }

  private static ModelSpecification read(JsonNode node) {
    Fields root = new Fields("", node);
    if (root.integer("format") != FORMAT) {
      throw new InvalidModelException(
          "specification: format %d is read, got %d; a newer Eddy wrote this file",
          FORMAT, root.integer("format"));
    }
    try {
      return new ModelSpecification(
          network(root.object("network")),
          sampling(root.object("sampling")),
          inputs(root.object("inputs")),
          output(root.object("output")),
          root.integer("contextLength"),
          provenance(root.object("provenance")));
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw new InvalidModelException("specification: %s", e.getMessage());
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidModelException("specification: no JSON: %s", e.getOriginalMessage());
    }
  }

  private static ModelSpecification.Network network(Fields fields) {
    return new ModelSpecification.Network(
        CellKind.of(fields.text("cell")),
        fields.integer("hiddenSize"),
        fields.list("dilations", JsonNode::asInt),
        fields.has("dropout") ? fields.number("dropout") : 0);
  }

  private static Sampling sampling(Fields fields) {
    return new Sampling(
        Duration.parse(fields.text("interval")),
        Aggregation.of(fields.text("aggregation")),
        fields.integer("maxGapSteps"),
        fields.has("gaps") ? GapFilling.of(fields.text("gaps")) : GapFilling.LAST);
  }

  private static ModelSpecification.Inputs inputs(Fields fields) {
    return new ModelSpecification.Inputs(
        fields.integer("patch"),
        fields.flag("calendar"),
        fields.number("scalerHalfLife"),
        fields.has("errorHalfLife") ? fields.number("errorHalfLife") : 0,
        fields.has("transform") ? Transform.of(fields.text("transform")) : Transform.NONE,
        fields.has("lags") ? fields.list("lags", JsonNode::asInt) : List.of(),
        fields.has("covariates") ? covariates(fields) : List.of());
  }

  private static List<Covariate> covariates(Fields inputs) {
    List<Covariate> covariates = new ArrayList<>();
    for (JsonNode node : inputs.array("covariates")) {
      Fields fields =
          new Fields("%scovariates.%d.".formatted(inputs.path(), covariates.size()), node);
      String name = fields.text("name");
      covariates.add(
          switch (CovariateKind.of(fields.text("kind"))) {
            case PAST -> Covariate.past(name);
            case FUTURE -> Covariate.future(name);
            case STATIC ->
                Covariate.staticCovariate(name, fields.number("mean"), fields.number("spread"));
          });
    }
    return covariates;
  }

  private static ModelSpecification.Output output(Fields fields) {
    List<Double> levels = fields.list("quantileLevels", JsonNode::asDouble);
    HeadKind head = fields.has("head") ? HeadKind.of(fields.text("head")) : HeadKind.of(levels);
    return new ModelSpecification.Output(
        fields.integer("horizon"),
        head,
        fields.has("loss") ? LossKind.of(fields.text("loss")) : head.losses().get(0),
        levels,
        fields.has("classes") ? fields.integer("classes") : 0,
        fields.has("decoder")
            ? decoding(fields.object("decoder"))
            : ModelSpecification.Decoding.LINEAR,
        new BaselineSpec(
            fields.integer("seasonSteps"),
            fields.has("lookBack") ? fields.integer("lookBack") : 0,
            fields.has("yearly") && fields.flag("yearly")),
        fields.has("calibrationRate") ? fields.number("calibrationRate") : 0,
        fields.has("cold") ? cold(fields.object("cold")) : WarmUpIntervals.NONE);
  }

  private static WarmUpIntervals cold(Fields fields) {
    List<List<Double>> factors = new ArrayList<>();
    for (JsonNode row : fields.array("factors")) {
      ObjectNode wrapped = JSON.createObjectNode();
      wrapped.set("factors", row);
      factors.add(new Fields(fields.path(), wrapped).list("factors", JsonNode::asDouble));
    }
    return new WarmUpIntervals(fields.list("leastErrors", JsonNode::asDouble), factors);
  }

  private static ModelSpecification.Decoding decoding(Fields fields) {
    DecoderKind kind = DecoderKind.of(fields.text("kind"));
    return new ModelSpecification.Decoding(
        kind, kind == DecoderKind.LINEAR ? 0 : fields.integer("width"));
  }

  private static Provenance provenance(Fields fields) {
    Map<String, Double> scores = new TreeMap<>();
    for (Map.Entry<String, JsonNode> score : fields.object("scores").node().properties()) {
      scores.put(score.getKey(), score.getValue().asDouble());
    }
    return new Provenance(
        fields.text("data"), fields.node("seed").asLong(), fields.text("codeVersion"), scores);
  }

  /** A JSON object whose fields must be there and of their type. */
  private record Fields(String path, JsonNode node) {
    JsonNode node(String name) {
      JsonNode value = node.path(name);
      if (value.isMissingNode()) {
        throw new InvalidModelException("specification: %s%s is missing", path, name);
      }
      return value;
    }

    boolean has(String name) {
      return node.has(name);
    }

    Fields object(String name) {
      return new Fields(path + name + ".", require(name, "an object", node(name).isObject()));
    }

    int integer(String name) {
      return require(name, "an integer", node(name).canConvertToInt()).asInt();
    }

    double number(String name) {
      return require(name, "a number", node(name).isNumber()).asDouble();
    }

    boolean flag(String name) {
      return require(name, "true or false", node(name).isBoolean()).asBoolean();
    }

    String text(String name) {
      return require(name, "a text", node(name).isTextual()).asText();
    }

    JsonNode array(String name) {
      return require(name, "a list", node(name).isArray());
    }

    <T> List<T> list(String name, Function<JsonNode, T> item) {
      List<T> items = new ArrayList<>();
      for (JsonNode value : array(name)) {
        require(name, "numbers", value.isNumber());
        items.add(item.apply(value));
      }
      return items;
    }

    private JsonNode require(String name, String expected, boolean holds) {
      JsonNode value = node(name);
      if (!holds) {
        throw new InvalidModelException(
            "specification: %s%s: expected %s, got %s", path, name, expected, value);
      }
      return value;
    }
  }
}
