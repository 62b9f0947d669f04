package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

final class BuildVersionTest {
  @Test
  void describesCommit() {
    Properties commit = new Properties();
    assertThat(BuildVersion.describe(commit)).isEqualTo("unknown");

    commit.setProperty("git.commit.id.abbrev", "fc0c859581b1");
    commit.setProperty("git.commit.time", "2026-11-30T07:29:15Z");
    commit.setProperty("git.dirty", "false");
    assertThat(BuildVersion.describe(commit)).isEqualTo("fc0c859581b1 of 2026-11-30T07:29:15Z");

    commit.setProperty("git.dirty", "true");
    assertThat(BuildVersion.describe(commit)).endsWith(", with later changes");
  }
}
