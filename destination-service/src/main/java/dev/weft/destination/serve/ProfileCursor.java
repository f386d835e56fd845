package dev.weft.destination.serve;

import dev.weft.api.destination.DestinationProfile;
import dev.weft.destination.index.Profile;
import dev.weft.kit.watch.Cursor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one client was last sent of a profile: whole messages, none twice. Confined to its stream.
 */
final class ProfileCursor implements Cursor<Profile, DestinationProfile> {
  private final ProfileMessages messages;
  private @Nullable DestinationProfile sent;

  ProfileCursor(ProfileMessages messages) {
    this.messages = messages;
  }

  @Override
  public List<DestinationProfile> advance(Profile newest) {
    Optional<DestinationProfile> message = messages.of(newest).filter(m -> !m.equals(sent));
    message.ifPresent(m -> sent = m);
    return message.stream().toList();
  }
}
