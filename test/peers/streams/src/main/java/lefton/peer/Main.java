package lefton.peer;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Consume, look up, produce, exactly once; prints how fast when as many records as expected are committed. */
public final class Main {
  private static final double UNUSUAL = 1.0;
  private static final LongAdder processed = new LongAdder();
  private static volatile long began;

  public static void main(String[] args) throws Exception {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) given.put(args[i], args[i + 1]);
    String input = given.get("--input");
    long expected = Long.parseLong(given.get("--expect"));

    Topology topology = new Topology();
    topology.addSource("readings", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), input);
    topology.addProcessor("score", Score::new, "readings");
    topology.addSink(
        "events", given.get("--output"), Serdes.ByteArray().serializer(), Serdes.String().serializer(), "score");

    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, given.get("--application-id"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, given.get("--brokers"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, given.getOrDefault("--threads", "2"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, given.get("--state"));
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "10000");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), "4194304");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), "65536");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), "50");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), "1048576");
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, "10000");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "100");
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), "262144");

    CountDownLatch stop = new CountDownLatch(1);
    try (KafkaStreams streams = new KafkaStreams(topology, settings);
        Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", given.get("--brokers")))) {
      streams.start();
      Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
      while (processed.sum() < expected || committed(admin, given.get("--application-id")) < expected) {
        if (stop.await(5, TimeUnit.MILLISECONDS)) return;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      System.out.printf(
          "{\"records\":%d,\"seconds\":%.3f,\"cpu\":%.3f}%n",
          expected, seconds, system.getProcessCpuTime() / 1e9);
    }
  }

  private static long committed(Admin admin, String group) throws Exception {
    long sum = 0;
    for (var offset : admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values()) {
      if (offset != null) sum += offset.offset();
    }
    return sum;
  }

  /** Passes on what is above the edge of normal. */
  private static final class Score extends ContextualProcessor<byte[], byte[], byte[], String> {
    private final Reading reading = new Reading();
    private final MinMaxTable table = new MinMaxTable(ZoneId.of("Australia/Sydney"));

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (began == 0) began = System.nanoTime();
      processed.increment();
      if (!reading.read(record.value())) return;
      double score = table.score(reading.at(), reading.watts());
      if (score < UNUSUAL) return;
      String event =
          "{\"meter\":\"%s\",\"at\":%d,\"watts\":%.0f,\"score\":%.3f}"
              .formatted(reading.meter(), reading.at(), reading.watts(), score);
      context().forward(record.withValue(event));
    }
  }

  private Main() {}
}
