package dev.muster.agent.exporter.hardware;

import dev.muster.agent.exporter.collect.FamilyTable;
import dev.muster.agent.exporter.collect.HostDirectory;
import dev.muster.agent.exporter.collect.NumberFiles;
import java.util.regex.Pattern;

/// Graphics cards by AMD, whose driver tells of use and memory: /sys/class/drm.
record GraphicsCards(HostDirectory cards) {
    private static final Pattern CARD = Pattern.compile("card\\d+");
    private static final String PREFIX = "node_drm_";

    private static final NumberFiles FILES =
            NumberFiles.of(PREFIX)
                    .gauge("gpu_busy_percent", "gpu_busy_percent", "How busy it is.")
                    .gauge(
                            "mem_info_gtt_total",
                            "memory_gtt_size_bytes",
                            "Memory of the host that it may use.")
                    .gauge(
                            "mem_info_gtt_used",
                            "memory_gtt_used_bytes",
                            "Memory of the host that it uses.")
                    .gauge(
                            "mem_info_vis_vram_total",
                            "memory_vis_vram_size_bytes",
                            "Its memory that the host can see.")
                    .gauge(
                            "mem_info_vis_vram_used",
                            "memory_vis_vram_used_bytes",
                            "Its memory that the host can see, used.")
                    .gauge("mem_info_vram_total", "memory_vram_size_bytes", "Its memory.")
                    .gauge("mem_info_vram_used", "memory_vram_used_bytes", "Its memory, used.");

    void fill(FamilyTable table) {
        for (HostDirectory card : cards.directories(CARD)) {
            HostDirectory device = card.below("device");
            if (device.textOrEmpty("uevent").lines().noneMatch("DRIVER=amdgpu"::equals)) {
                continue;
            }
            table.gauge(PREFIX + "card_info", "What the card is.")
                    .add(
                            1,
                            "card",
                            card.name(),
                            "memory_vendor",
                            device.textOrEmpty("mem_info_vram_vendor"),
                            "power_performance_level",
                            device.textOrEmpty("power_dpm_force_performance_level"),
                            "unique_id",
                            device.textOrEmpty("unique_id"),
                            "vendor",
                            "amd");
            FILES.read(device, table, "card", card.name());
        }
    }
}
