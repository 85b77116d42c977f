package io.peerhub.testing.scene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its {@link Scene} as a parameter, and closes it after the test, which has been told
 * whether the test failed.
 *
 * <p>A parameter of a test or of a method before each has the scene of that test; one of a static
 * method before all has the scene of the class, whose logs stay if any test of it fails.
 */
public final class SceneExtension implements ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace SCENES =
      ExtensionContext.Namespace.create(SceneExtension.class);

  /** A scene that the store closes with its context. */
  private record Held(Scene scene, ExtensionContext context) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (context.getExecutionException().isPresent()) {
        scene.keepLogs();
      }
      scene.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Scene.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(SCENES)
        .computeIfAbsent(context.getUniqueId(), _ -> open(context), Held.class)
        .scene();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isEmpty()) {
      return;
    }
    Optional<ExtensionContext> around = context.getParent();
    while (around.isPresent()) {
      ExtensionContext outer = around.get();
      Held held = outer.getStore(SCENES).get(outer.getUniqueId(), Held.class);
      if (held != null) {
        held.scene().keepLogs();
      }
      around = outer.getParent();
    }
  }

  private static Held open(ExtensionContext context) {
    String type = context.getRequiredTestClass().getSimpleName();
    String method = context.getTestMethod().map(found -> "." + found.getName()).orElse("");
    try {
      return new Held(Scene.open(type + method), context);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
