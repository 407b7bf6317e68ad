package dev.muster.agent.services.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    /system.slice/nginx.service | nginx.service | - | -
                    /user.slice/user-1000.slice/user@1000.service/app.slice/web.service | web.service | - | -
                    /user.slice/user-1000.slice/session-3.scope | session-3.scope | - | -
                    /system.slice/docker-ID.scope | - | ID | -
                    /docker/ID | - | ID | -
                    /machine.slice/libpod-ID.scope/container | - | ID | -
                    /machine.slice/libpod-conmon-ID.scope | - | - | -
                    /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b2c3d_1111_2222_3333_444455556666.slice/cri-containerd-ID.scope | - | ID | 0a1b2c3d-1111-2222-3333-444455556666
                    /kubepods/besteffort/pod0a1b2c3d-1111-2222-3333-444455556666/ID | - | ID | 0a1b2c3d-1111-2222-3333-444455556666
                    /kubepods.slice/kubepods-pod0123456789abcdef0123456789abcdef.slice/crio-ID.scope | - | ID | 0123456789abcdef0123456789abcdef
                    /system.slice/containerd.service/kubepods-burstable-pod0a1b2c3d_1111_2222_3333_444455556666.slice:cri-containerd:ID | containerd.service | ID | -
                    / | - | - | -
                    """)
    void tellsWhatAPathMeans(String path, String unit, String container, String pod) {
        Cgroup found = Cgroup.ofPath(path.replace("ID", ID));
        assertThat(found.unit()).isEqualTo(unit == null ? "" : unit);
        assertThat(found.containerId())
                .isEqualTo(container == null ? "" : container.replace("ID", ID));
        assertThat(found.podUid()).isEqualTo(pod == null ? "" : pod);
    }

    @Test
    void choosesTheHierarchyThatTellsMost() {
        assertThat(
                        Cgroup.parse(
                                        "9:name=systemd:/\n4:memory:/docker/"
                                                + ID
                                                + "\n1:cpu:/\n0::/\n")
                                .containerId())
                .isEqualTo(ID);
        assertThat(
                        Cgroup.parse(
                                        "4:memory:/custom\n"
                                                + "1:name=systemd:/system.slice/a.service\n"
                                                + "0::/\n")
                                .unit())
                .isEqualTo("a.service");
        assertThat(Cgroup.parse("0::/system.slice/b.service\n").unit()).isEqualTo("b.service");
        assertThat(Cgroup.parse("")).isEqualTo(Cgroup.NONE);
    }

    @Test
    void survivesAnything() {
        SplittableRandom random = new SplittableRandom(Long.getLong("seed", 7));
        String letters = "0:/-_.podscopeslicekubepodsservice" + ID + "\n\0\ud800";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder("0::/");
            for (int i = random.nextInt(200); i >= 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Cgroup found = Cgroup.parse(text.toString());
            assertThat(found.path().length()).isLessThanOrEqualTo(512);
            CommandLine.shown(text.toString());
            ProcessReader.uid(text.toString());
            Networks.version4(text.toString());
            Networks.version6(text.toString());
            Ports.parse(text.toString());
        }
    }
}
