/**
 * The one thing that a test of several processes needs: a place where all that it starts belongs to
 * it, and ends with it.
 *
 * <pre>
 *   {@literal @}ExtendWith(SceneExtension.class)
 *   class MyServiceIT {
 *     {@literal @}Test
 *     void survivesTheHub(Scene scene) throws Exception {
 *       TestDatabase database = scene.database();
 *       TestNode node = scene.node(NodeSettings.on(database.url()));
 *       ...
 *       node.kill();
 *       node.start();
 *     }
 *   }
 * </pre>
 *
 * <p>A {@link io.peerhub.testing.scene.Scene} puts the other packages together; they do not know
 * it. The extension that gives a test a whole cluster stands on the same base.
 */
package io.peerhub.testing.scene;
