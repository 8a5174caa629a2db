package lefton.peer;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;

/** The first LeftOn table: lowest and highest power of each local hour, in watts. */
final class MinMaxTable {
  private static final int[] LOW = {
    110, 112, 109, 114, 108, 110, 111, 108, 107, 111, 106, 107, 108, 108, 109, 108, 108, 108, 114,
    109, 108, 110, 107, 112
  };
  private static final int[] HIGH = {
    464, 346, 390, 361, 363, 348, 1954, 2689, 2607, 2120, 2032, 2272, 1639, 1333, 1555, 1458, 2371,
    2716, 3296, 3380, 3745, 3381, 2463, 566
  };
  private static final long QUARTER_MS = 900_000;

  private final ZoneRules rules;
  private long quarter = Long.MIN_VALUE;
  private ZoneOffset offset;

  MinMaxTable(ZoneId zone) {
    rules = zone.getRules();
  }

  /** 0 at the lowest, 1 at the highest ever seen at this local hour. */
  double score(long at, double watts) {
    int hour = hour(at);
    return (watts - LOW[hour]) / (HIGH[hour] - LOW[hour]);
  }

  private int hour(long at) {
    // offsets change at quarters of an hour only, so they are looked up once for each
    long now = Math.floorDiv(at, QUARTER_MS);
    if (now != quarter) {
      quarter = now;
      offset = rules.getOffset(Instant.ofEpochMilli(at));
    }
    return (int) Math.floorMod(Math.floorDiv(at, 1000) + offset.getTotalSeconds(), 86_400L) / 3600;
  }
}
