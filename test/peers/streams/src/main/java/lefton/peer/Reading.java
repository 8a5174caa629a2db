package lefton.peer;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** One lefton.Reading from Confluent's wire format: a zero, four bytes of schema id, Avro. Not for several threads. */
final class Reading {
  private static final int HEADER = 5;
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Reading","namespace":"lefton","fields":[
                {"name":"meter","type":"string"},
                {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                {"name":"watts","type":"double"},
                {"name":"energy_wh","type":["null","double"],"default":null},
                {"name":"source","type":"string","default":""}]}
              """);
  private static final int METER = SCHEMA.getField("meter").pos();
  private static final int AT = SCHEMA.getField("at").pos();
  private static final int WATTS = SCHEMA.getField("watts").pos();

  private final GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(SCHEMA);
  private final GenericRecord record = new GenericData.Record(SCHEMA);
  private BinaryDecoder decoder;

  /** Takes the bytes; false where they are no reading. */
  boolean read(byte[] bytes) {
    if (bytes == null || bytes.length < HEADER || bytes[0] != 0) return false;
    try {
      decoder =
          DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, decoder);
      reader.read(record, decoder);
      return true;
    } catch (IOException | RuntimeException notOne) {
      return false;
    }
  }

  String meter() {
    return record.get(METER).toString();
  }

  long at() {
    return (Long) record.get(AT);
  }

  double watts() {
    return (Double) record.get(WATTS);
  }
}
