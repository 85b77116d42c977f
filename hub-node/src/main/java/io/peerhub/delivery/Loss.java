package io.peerhub.delivery;

/**
 * So many messages are missing in one place, and why.
 *
 * @param count how many; 0 for none
 * @param reason for people; all of the different ones, where several losses met in one place
 */
public record Loss(long count, String reason) {
  public static final Loss NONE = new Loss(0, "");

  /** One message more than a limit allows. */
  static final Loss OVER_LIMIT = new Loss(1, "dropped by a limit");

  /** Past so many characters the reasons are not listed any more. */
  private static final int REASON_MAX = 120;

  private static final String BETWEEN = "; ";
  private static final String SEVERAL = "several reasons";

  /** Both, as one. */
  public Loss plus(Loss other) {
    if (count == 0 || other.count == 0) {
      return count == 0 ? other : this;
    }
    return new Loss(count + other.count, joined(reason, other.reason));
  }

  /** Two losses of one reason are by far the most frequent ones. */
  private static String joined(String one, String other) {
    if (one.equals(other) || names(one, other) || one.equals(SEVERAL)) {
      return one;
    }
    String both = names(other, one) ? other : one + BETWEEN + other;
    return both.length() <= REASON_MAX ? both : SEVERAL;
  }

  private static boolean names(String reasons, String reason) {
    return (BETWEEN + reasons + BETWEEN).contains(BETWEEN + reason + BETWEEN);
  }
}
