package io.peerhub.routing;

import io.peerhub.mail.Mail;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.Refusal;
import io.peerhub.telemetry.Meters;
import io.peerhub.telemetry.Meters.Drop;

/**
 * How a message ends that does not get through: counted once by its reason, and told to its sender
 * if that asked for a confirmation. Belongs to one loop.
 */
final class Outcomes {
  private final Routes routes;
  private final Meters meters;

  Outcomes(Routes routes, Meters meters) {
    this.routes = routes;
    this.meters = meters;
  }

  /** The receiver is offline, or nobody could say where it is, or there was no room. */
  void refuse(Mail.Delivery delivery, Drop reason, Refusal refusal) {
    meters.dropped(reason, 1);
    if (delivery.confirm() != Confirmation.NONE && delivery.sender() != null) {
      Refusal told = delivery.told(refusal);
      routes.tell(delivery.sender(), new Mail.Refused(delivery.id(), delivery.n(), told, 0));
    }
  }
}
