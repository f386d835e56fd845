package dev.weft.proxy.outbound;

import dev.weft.proxy.control.Target;
import dev.weft.proxy.forward.Refusal;
import dev.weft.proxy.http.HeaderNames;
import dev.weft.proxy.http.RequestHead;
import io.netty.util.AsciiString;

/**
 * Finds the target in each request of an ingress: {@code l5d-dst-override} names it, or it is where
 * the connection wanted to go. The header goes no further. Runs on its lane's loop only.
 *
 * <p>Source: facts/proxy.md 3.3.
 *
 * @param original where the connection wanted to go
 */
record IngressTargets(Lane lane, Target original) implements Requests.Stacks {
  @Override
  public TargetStack acquire(RequestHead head) throws Requests.UnusableTargetException {
    AsciiString override = head.headers.get(HeaderNames.L5D_DST_OVERRIDE);
    Target target = original;
    if (override != null) {
      head.headers.remove(HeaderNames.L5D_DST_OVERRIDE);
      target =
          Targets.parse(override)
              .orElseThrow(
                  () ->
                      new Requests.UnusableTargetException(
                          Refusal.Cause.BAD_REQUEST, "l5d-dst-override names no target"));
    }
    if (target instanceof Target.Address(var address) && lane.isOwn(address)) {
      throw new Requests.UnusableTargetException(
          Refusal.Cause.BAD_GATEWAY, "the target is this proxy itself");
    }
    if (lane.isFull(target)) {
      throw new Requests.UnusableTargetException(
          Refusal.Cause.LOAD_SHED, "too many targets are in use");
    }
    return lane.acquire(target);
  }
}
