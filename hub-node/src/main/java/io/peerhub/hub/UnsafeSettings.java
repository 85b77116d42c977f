package io.peerhub.hub;

import java.util.List;

/** A node does not start with these settings; says everything that is wrong at once. */
public final class UnsafeSettings extends IllegalArgumentException {
  private final transient List<String> complaints;

  UnsafeSettings(List<String> complaints) {
    super(String.join("; ", complaints));
    this.complaints = List.copyOf(complaints);
  }

  /** Each of them names the setting that would mend it. */
  public List<String> complaints() {
    return complaints;
  }
}
