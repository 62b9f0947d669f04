package io.eddy.cli;

import io.eddy.cli.option.OptionGroup;
import io.eddy.cli.option.OptionGroup.Section;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lists the options of a command in sections if it has many, and shortens its synopsis.
 *
 * @see OptionGroup
 */
final class HelpSections implements IHelpSectionRenderer {
  /** Commands with more options have sections. */
  private static final int MAX_UNGROUPED = 16;

  private HelpSections() {}

  /** Applies the sections to a command and to its subcommands. */
  static void apply(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    if (visible(spec).size() > MAX_UNGROUPED) {
      spec.usageMessage().customSynopsis(synopsis(spec));
      command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new HelpSections());
    }
    command.getSubcommands().values().forEach(HelpSections::apply);
  }

  private static List<OptionSpec> visible(CommandSpec spec) {
    return spec.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** Returns the synopsis with the required options and parameters only. */
  private static String synopsis(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.qualifiedName(), "[OPTIONS]"));
    spec.argGroups().stream()
        .filter(group -> group.multiplicity().min() > 0)
        .map(
            group ->
                group.args().stream()
                    .filter(OptionSpec.class::isInstance)
                    .map(OptionSpec.class::cast)
                    .map(HelpSections::usage)
                    .collect(Collectors.joining(" | ", "(", ")")))
        .forEach(words::add);
    visible(spec).stream()
        .filter(OptionSpec::required)
        .filter(option -> option.group() == null)
        .map(HelpSections::usage)
        .forEach(words::add);
    spec.positionalParameters().forEach(parameter -> words.add(parameter.paramLabel()));
    return String.join(" ", words);
  }

  private static String usage(OptionSpec option) {
    return option.longestName() + "=" + option.paramLabel();
  }

  @Override
  public String render(Help help) {
    CommandSpec spec = help.commandSpec();
    Map<Section, List<OptionSpec>> sections = new EnumMap<>(Section.class);
    visible(spec).stream()
        .sorted(Comparator.comparing(option -> !isOwn(option, spec)))
        .forEach(
            option ->
                sections.computeIfAbsent(section(option), key -> new ArrayList<>()).add(option));
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (section, options) -> {
          Help.Layout layout = help.createDefaultLayout();
          layout.addOptions(options, help.createDefaultParamLabelRenderer());
          text.append(System.lineSeparator())
              .append(section.title())
              .append(':')
              .append(System.lineSeparator())
              .append(layout);
        });
    return text.toString();
  }

  /** Returns whether the class of the command declares an option. */
  private static boolean isOwn(OptionSpec option, CommandSpec spec) {
    Class<?> command = spec.userObject().getClass();
    return option.userObject() instanceof Field field
        && (field.getDeclaringClass() == command
            || field.getDeclaringClass().getEnclosingClass() == command);
  }

  private static Section section(OptionSpec option) {
    if (!(option.userObject() instanceof Field field)
        || field.getDeclaringClass().getPackage() == CommandLine.class.getPackage()) {
      return Section.GENERAL;
    }
    OptionGroup group = field.getAnnotation(OptionGroup.class);
    if (group == null) {
      group = field.getDeclaringClass().getAnnotation(OptionGroup.class);
    }
    return group == null ? Section.COMMON : group.value();
  }
}
