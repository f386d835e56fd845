package dev.weft.injector;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Builds the plain parts from the configuration. */
@Singleton
final class InjectorBeans {
  @Produces
  @Singleton
  LiveInstallation installation(InjectorConfig config) {
    return new LiveInstallation(config);
  }
}
