package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HostStoriesTest {
  @Test
  void storiesHaveNamesOfTheirOwnAndSayWhatTheyShow() {
    assertThat(HostStories.all()).extracting(HostStory::name).doesNotHaveDuplicates();
    assertThat(HostStories.all())
        .allSatisfy(story -> {
          assertThat(story.name()).matches("[a-z]+(-[a-z]+)*").hasSizeLessThanOrEqualTo(30);
          assertThat(story.purpose()).isNotBlank().doesNotEndWith(".");
        });
  }

  @Test
  void nothingIsToldOfAClusterThatCouldNotBeBuilt() {
    assertThat(HostStories.BUILDING).allMatch(HostStory::vital);
  }
}
