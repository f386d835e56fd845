package dev.weft.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.forward.Refusal;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WaitingRoomTest {
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final List<Boolean> gates = new ArrayList<>();
  private int queued;
  private WaitingRoom room;

  @BeforeEach
  void freeze() {
    clock.freezeTime();
    room =
        new WaitingRoom(
            clock.eventLoop(),
            2,
            TimeUnit.SECONDS.toNanos(3),
            new WaitingRoom.Observer() {
              @Override
              public void queued(int change) {
                queued += change;
              }

              @Override
              public void gate(boolean open) {
                gates.add(open);
              }
            });
  }

  @AfterEach
  void close() {
    clock.finishAndReleaseAll();
  }

  @Test
  void guest_withNothingToHopeFor_isRefusedAtOnceUntilThereIs() {
    Refusal why = Refusal.of(Refusal.Cause.BAD_GATEWAY, "no such name");
    Visitor waiting = new Visitor();
    room.enter(waiting);
    room.hopeless(why);
    Visitor late = new Visitor();
    room.enter(late);
    assertThat(waiting.refusals).containsExactly(why);
    assertThat(late.refusals).containsExactly(why);
    assertThat(queued).isZero();
    room.hopeless(null);
    Visitor next = new Visitor();
    room.enter(next);
    assertThat(next.refusals).isEmpty();
    assertThat(room.next()).isSameAs(next);
  }

  @Test
  void guest_beforeFailfast_waitsInOrder() {
    Visitor first = new Visitor();
    Visitor second = new Visitor();
    room.enter(first);
    room.enter(second);
    pass(2_999);
    room.open();
    assertThat(room.next()).isSameAs(first);
    assertThat(room.next()).isSameAs(second);
    assertThat(room.next()).isNull();
    assertThat(queued).isZero();
    pass(10_000);
    assertThat(first.refusals).isEmpty();
    assertThat(gates).isEmpty();
  }

  @Test
  void guests_afterFailfast_areRefusedAndLaterOnesShed() {
    Visitor first = new Visitor();
    Visitor second = new Visitor();
    room.enter(first);
    pass(2_000);
    room.enter(second);
    pass(1_000);
    assertThat(first.refusals).containsExactly(Refusal.FAIL_FAST);
    assertThat(second.refusals).containsExactly(Refusal.FAIL_FAST);
    assertThat(room.isOpen()).isFalse();
    Visitor late = new Visitor();
    room.enter(late);
    assertThat(late.refusals).containsExactly(Refusal.LOAD_SHED);
    assertThat(gates).containsExactly(false);
  }

  @Test
  void failfast_whenEndpointIsReady_ends() {
    room.enter(new Visitor());
    pass(3_000);
    room.open();
    assertThat(room.isOpen()).isTrue();
    assertThat(gates).containsExactly(false, true);
    Visitor next = new Visitor();
    room.enter(next);
    assertThat(next.refusals).isEmpty();
  }

  @Test
  void guest_beyondCapacity_isShed() {
    room.enter(new Visitor());
    room.enter(new Visitor());
    Visitor third = new Visitor();
    room.enter(third);
    assertThat(third.refusals).containsExactly(Refusal.LOAD_SHED);
    assertThat(room.isOpen()).isTrue();
  }

  @Test
  void guest_whoLeft_isSkipped() {
    Visitor gone = new Visitor();
    gone.left = true;
    Visitor here = new Visitor();
    room.enter(gone);
    room.enter(here);
    assertThat(room.next()).isSameAs(here);
    assertThat(queued).isZero();
  }

  @Test
  void remainingGuests_afterEndpointLeftAgain_getTheTimeAnew() {
    Visitor first = new Visitor();
    Visitor second = new Visitor();
    room.enter(first);
    room.enter(second);
    pass(2_000);
    room.open();
    assertThat(room.next()).isSameAs(first);
    room.settle();
    pass(2_999);
    assertThat(second.refusals).isEmpty();
    pass(1);
    assertThat(second.refusals).containsExactly(Refusal.FAIL_FAST);
  }

  @Test
  void close_refusesAllAndStaysShut() {
    Visitor waiting = new Visitor();
    room.enter(waiting);
    room.close();
    assertThat(waiting.refusals).containsExactly(Refusal.LOAD_SHED);
    Visitor late = new Visitor();
    room.enter(late);
    assertThat(late.refusals).containsExactly(Refusal.LOAD_SHED);
  }

  private void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  private static final class Visitor implements WaitingRoom.Guest {
    private final List<Refusal> refusals = new ArrayList<>();
    private boolean left;

    @Override
    public void refused(Refusal refusal) {
      refusals.add(refusal);
    }

    @Override
    public boolean hasLeft() {
      return left;
    }

    @Override
    public void admitted() {}
  }
}
