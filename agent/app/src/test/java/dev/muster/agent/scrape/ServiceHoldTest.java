package dev.muster.agent.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceHoldTest {
    private static final ServiceHold UP = ServiceHold.NONE.after(true, false, 1000);

    @Test
    void oneFailureSaysNothing() {
        ServiceHold once = UP.after(false, false, 2000);
        assertThat(once.up()).isTrue();
        assertThat(once.sinceMs()).isEqualTo(1000);
        ServiceHold again = once.after(true, false, 3000);
        assertThat(again).isEqualTo(UP);
        assertThat(again.after(false, false, 4000).up()).as("not two in a row").isTrue();
    }

    @Test
    void twoFailuresInARowAreDownSinceTheFirst() {
        ServiceHold down = UP.after(false, false, 2000).after(false, false, 3000);
        assertThat(down.known()).isTrue();
        assertThat(down.up()).isFalse();
        assertThat(down.sinceMs()).isEqualTo(2000);
        assertThat(down.after(false, true, 4000).sinceMs()).isEqualTo(2000);
    }

    @Test
    void oneRefusalIsDown() {
        ServiceHold down = UP.after(false, true, 2000);
        assertThat(down.up()).isFalse();
        assertThat(down.sinceMs()).isEqualTo(2000);
        assertThat(UP.after(false, false, 2000).after(false, true, 3000).sinceMs())
                .as("it failed before it refused")
                .isEqualTo(2000);
    }

    @Test
    void oneSuccessIsUp() {
        ServiceHold up = UP.after(false, true, 2000).after(true, false, 3000);
        assertThat(up.up()).isTrue();
        assertThat(up.sinceMs()).isEqualTo(3000);
    }

    @Test
    void anUnknownServiceIsNotDownByOneFailure() {
        ServiceHold first = ServiceHold.NONE.after(false, false, 1000);
        assertThat(first.known()).isFalse();
        assertThat(first.after(true, false, 2000).up()).isTrue();
        ServiceHold down = first.after(false, false, 2000);
        assertThat(down.known()).isTrue();
        assertThat(down.up()).isFalse();
        assertThat(ServiceHold.NONE.after(false, true, 1000).known()).isTrue();
    }
}
