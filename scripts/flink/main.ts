import { stopsWithParent } from '../kafka/foreground.ts';
import { missingJava } from '../kafka/java.ts';
import { detect, prepare } from './detection.ts';
import { Gateway } from './gateway.ts';

const HELP = `Scores raw_power by streaming SQL: runs sql/flink on Apache Flink on this machine. docs/streaming-sql.md has more.

  npm run flink            until Ctrl-C
  npm run flink -- --once  what the topics hold now, then it ends

LEFTON_KAFKA_BROKERS and LEFTON_SCHEMA_REGISTRY_URL say where, LEFTON_KAFKA_PREFIX what stands in front of the topics.
Before it: lefton topics create --sql, and lefton model publish. What it writes is in power_score, power_above, power_run.
`;

const { argv, env } = process;
const {
  LEFTON_KAFKA_BROKERS: brokers,
  LEFTON_SCHEMA_REGISTRY_URL: registry,
  LEFTON_KAFKA_PREFIX: prefix = '',
} = env;
const once = argv.includes('--once');

/** What has to be done before it can run; undefined where nothing has. */
function missing(): string | undefined {
  if (brokers === undefined)
    return 'set LEFTON_KAFKA_BROKERS; `npm run kafka` starts a broker on this machine';
  if (registry === undefined)
    return 'set LEFTON_SCHEMA_REGISTRY_URL; `npm run registry` starts a registry on this machine';
  return missingJava();
}

const wanting = missing();
if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(HELP);
} else if (wanting !== undefined || brokers === undefined || registry === undefined) {
  process.stderr.write(`${wanting ?? ''}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write('Starting Apache Flink ...\n');
  const gateway = await Gateway.start();
  if (!once) stopsWithParent(() => gateway.stop());
  try {
    const session = await prepare(gateway, { brokers, registry, prefix, once });
    process.stdout.write(`It scores raw_power into power_score.${once ? '' : ' Ctrl-C stops it.'}\n`);
    await detect(session);
  } catch (error) {
    const why = [error instanceof Error ? error.message : '', ...gateway.troubles].join('\n  ');
    process.stderr.write(`Flink gave up. Are all topics there (lefton topics describe --sql)?\n  ${why}\n`);
    process.exitCode = 1;
  }
  await gateway.stop();
  // without it what stops with the parent would go on
  process.exit();
}
