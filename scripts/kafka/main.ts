import { Broker } from './broker.ts';
import { portOption, stopsWithParent } from './foreground.ts';
import { missingJava } from './java.ts';

const HELP = `Starts Apache Kafka on this machine, for trying and testing: one broker, data in a temporary folder.

  npm run kafka                 on 127.0.0.1:9092 until Ctrl-C
  npm run kafka -- --port 9192  on another port

KAFKA_BROKERS names an existing cluster for the tests and benchmarks instead, LEFTON_KAFKA_BROKERS for \`lefton\`.
`;

const { argv } = process;
const missing = missingJava();
if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(HELP);
} else if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write('Starting Apache Kafka ...\n');
  const broker = await Broker.start({ port: portOption(argv) ?? 9092 });
  process.stdout.write(`Apache Kafka answers on ${broker.address}. Ctrl-C stops it and deletes its data.
  next: LEFTON_KAFKA_BROKERS=${broker.address} npx lefton topics create
`);
  stopsWithParent(() => broker.stop());
}
