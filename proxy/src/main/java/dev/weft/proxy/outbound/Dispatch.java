package dev.weft.proxy.outbound;

import dev.weft.policy.PolicyRef;
import dev.weft.policy.outbound.FailureAccrual;
import dev.weft.proxy.balance.LoadParams;
import dev.weft.proxy.control.Endpoint;
import org.jspecify.annotations.Nullable;

/** How the endpoints of a backend are found. Equal ones may share connections and balancer. */
sealed interface Dispatch {
  /** The concrete address in metrics and messages: {@code host:port}. */
  String authority();

  /**
   * Discovery, and a balancer over what it finds.
   *
   * @param authority what discovery is asked for
   * @param accrual when an endpoint is put aside; null for never
   */
  record Balance(String authority, LoadParams load, @Nullable FailureAccrual accrual)
      implements Dispatch {
    /** Without failure accrual. */
    Balance(String authority, LoadParams load) {
      this(authority, load, null);
    }
  }

  /** This one endpoint. */
  record To(Endpoint endpoint) implements Dispatch {
    @Override
    public String authority() {
      return Endpoint.text(endpoint.address());
    }
  }

  /** A name outside the mesh, found by DNS; plaintext. */
  record Host(String host, int port) implements Dispatch {
    @Override
    public String authority() {
      return host + ":" + port;
    }
  }

  /** There is no way: everything fails. */
  record Fail() implements Dispatch {
    @Override
    public String authority() {
      return "";
    }
  }

  /**
   * A backend of a policy.
   *
   * @param ref the object, for metrics and messages
   */
  record Spec(PolicyRef ref, Dispatch dispatch) {
    /** Innermost layer of messages. */
    String layer() {
      return ref.kind() + "." + ref.name() + ":" + dispatch.authority();
    }
  }
}
