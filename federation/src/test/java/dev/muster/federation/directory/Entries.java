package dev.muster.federation.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Made-up items.
final class Entries {
    private Entries() {}

    static String cell(int number) {
        return "z" + number % 3 + "-" + number;
    }

    static CellEntry entry(int number, Version version) {
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String ip = "10." + (number >> 8) + "." + (number & 255) + "." + (i + 1);
            contacts.add(new Contact("http://" + ip + ":9640", ip + ":9641"));
        }
        return new CellEntry(
                cell(number),
                "zone-" + number % 3,
                7,
                contacts,
                number * 31,
                43,
                1,
                44,
                number * 0x9e3779b97f4a7c15L,
                version);
    }

    static WatchResult result(String cell, String watcher, String zone, boolean silent) {
        return new WatchResult(
                cell,
                watcher,
                zone,
                3,
                silent ? 0 : 3,
                true,
                0,
                0,
                0,
                1_700_000_000_000L,
                new Version(1_700_000_000L, 1, 5));
    }

    static DirectoryItem random(Random random) {
        Version version = new Version(random.nextInt(3), random.nextInt(3), random.nextInt(3));
        if (random.nextInt(3) > 0) {
            return entry(random.nextInt(5), version);
        }
        long row = random.nextLong();
        return new WatchResult(
                cell(random.nextInt(3)),
                "w" + random.nextInt(3),
                "zone-x",
                3,
                random.nextInt(4),
                random.nextBoolean(),
                random.nextInt(),
                row,
                row & random.nextLong(),
                random.nextLong(1L << 41),
                version);
    }
}
