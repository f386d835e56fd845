package dev.weft.kit.admin;

import io.smallrye.health.SmallRyeHealthReporter;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * {@code /ping}, {@code /live} and {@code /ready} with the bodies which existing probes and tools
 * expect; {@code /q/health} answers the same questions in detail.
 */
@ApplicationScoped
class AdminRoutes {
  private final SmallRyeHealthReporter health;

  AdminRoutes(SmallRyeHealthReporter health) {
    this.health = health;
  }

  void register(@Observes Router router) {
    router.get("/ping").handler(context -> answer(context, 200, "pong\n"));
    router.get("/live").handler(context -> answer(context, 200, "live\n"));
    router.get("/ready").blockingHandler(this::ready, false);
  }

  private void ready(RoutingContext context) {
    boolean down = health.getReadiness().isDown();
    answer(context, down ? 500 : 200, down ? "not ready\n" : "ok\n");
  }

  private static void answer(RoutingContext context, int status, String body) {
    HttpServerResponse response = context.response();
    response.setStatusCode(status).putHeader("content-type", "text/plain").end(body);
  }
}
