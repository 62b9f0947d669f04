package io.eddy.serving.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The versions of the model that are in use. */
record ModelsDocument(String model, List<Version> versions) {
  /**
   * A version under one activation.
   *
   * @param role "serves", "shadow", or "replaced" if only states belong to it
   * @param sinceMs event time from which the activation applies; null for immediately
   * @param series number of series whose state belongs to it
   * @param pendingMigrations number of them that migrate to another version
   * @param rejected why instances do not load it; null if they do
   * @param accuracy null if no forecast of it was scored
   */
  record Version(
      String version,
      String role,
      long epoch,
      @Nullable String scope,
      @Nullable Long sinceMs,
      @Nullable String reason,
      long series,
      long pendingMigrations,
      @Nullable String rejected,
      @Nullable AccuracyDocument accuracy) {
    Version plus(Version other) {
      return new Version(
          version,
          role,
          epoch,
          scope,
          sinceMs,
          reason,
          series + other.series,
          pendingMigrations + other.pendingMigrations,
          rejected == null ? other.rejected : rejected,
          AccuracyDocument.merge(accuracy, other.accuracy));
    }
  }

  private record Key(String role, long epoch) {}

  /** Merges the answers of several instances, in the order of the first one. */
  static ModelsDocument merge(List<ModelsDocument> answers) {
    Map<Key, Version> versions = new LinkedHashMap<>();
    for (ModelsDocument answer : answers) {
      for (Version version : answer.versions) {
        versions.merge(new Key(version.role, version.epoch), version, Version::plus);
      }
    }
    return new ModelsDocument(answers.get(0).model, new ArrayList<>(versions.values()));
  }
}
