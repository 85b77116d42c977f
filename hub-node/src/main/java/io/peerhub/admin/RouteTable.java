package io.peerhub.admin;

import static io.peerhub.admin.Page.now;
import static io.peerhub.admin.Route.get;
import static io.peerhub.admin.Route.open;
import static io.peerhub.admin.Route.post;

import io.peerhub.admin.Route.Access;
import io.peerhub.identity.device.Device.Status;
import io.peerhub.telemetry.Exposition;
import io.peerhub.telemetry.Rates;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/** All pages on one screen. Another one is a row here and a file of its own. */
final class RouteTable {
  private static final ContentType METRICS = ContentTypes.parse(Exposition.MEDIA_TYPE);

  private RouteTable() {}

  static List<Route> of(AdminView view, Rates rates, Asking asking) {
    HealthPages health = new HealthPages(view.facts());
    Exposition metrics = new Exposition(view.meters(), view.ledger(), view.levels(), rates);
    StatsPage stats = new StatsPage(view, rates);
    ResourcesPage resources = new ResourcesPage(view);
    PeersPage peers = new PeersPage(view, asking);
    RoomsPage rooms = new RoomsPage(view.node(), view.cluster().rooms());
    DrainPage drain = new DrainPage(view.node(), view.cluster().drain());
    DevicesPage devices = new DevicesPage(view.devices());
    return List.of(
        open(Access.HEALTH, "/health/live", call -> now(health.live())),
        open(Access.HEALTH, "/health/ready", call -> now(health.ready())),
        open(Access.METRICS, "/metrics", call -> now(Answer.text(200, METRICS, metrics.text()))),
        get("/stats", call -> now(stats.answer())),
        get("/resources", call -> now(resources.answer())),
        get("/peers", peers::list),
        get("/peers/{identity}", peers::one),
        get("/rooms", call -> now(rooms.answer(call))),
        post("/drain", call -> now(drain.answer())),
        get("/devices", devices::list),
        get("/devices/{identity}", devices::one),
        post("/devices/{identity}/approve", call -> devices.set(call, Status.APPROVED)),
        post("/devices/{identity}/disable", call -> devices.set(call, Status.DISABLED)));
  }
}
