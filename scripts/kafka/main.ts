import { Broker } from './broker.ts';
import { missingJava } from './java.ts';

const HELP = `Starts Apache Kafka on this machine, for trying and testing: one broker, data in a temporary folder.

  npm run kafka                 on 127.0.0.1:9092 until Ctrl-C
  npm run kafka -- --port 9192  on another port

KAFKA_BROKERS names an existing cluster for the tests, benchmarks and \`lefton\` instead.
`;

const { argv } = process;
if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(HELP);
} else {
  const missing = missingJava();
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    process.exitCode = 1;
  } else await run(Number(argv[argv.indexOf('--port') + 1] ?? NaN));
}

async function run(port: number): Promise<void> {
  process.stdout.write('Starting Apache Kafka ...\n');
  const broker = await Broker.start({ port: Number.isInteger(port) ? port : 9092 });
  process.stdout.write(`Apache Kafka answers on ${broker.address}. Ctrl-C stops it and deletes its data.
  next: LEFTON_KAFKA_BROKERS=${broker.address} npm run lefton -- topics create
`);
  const stop = (): void => {
    void broker.stop().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // stops with its parent: a shell that went away leaves nobody to stop it
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 1_000);
}
