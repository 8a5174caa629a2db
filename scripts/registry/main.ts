import { portOption, stopsWithParent } from '../kafka/foreground.ts';
import { missingJava } from '../kafka/java.ts';
import { Registry } from './registry.ts';

const HELP = `Starts a schema registry on this machine, for trying and testing; what it holds is gone when it stops.

  npm run registry                 on a free port until Ctrl-C
  npm run registry -- --port 8081  on another port
`;

const { argv } = process;
const missing = missingJava();
if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(HELP);
} else if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write('Starting a schema registry ...\n');
  const registry = await Registry.start(portOption(argv));
  process.stdout.write(`It answers at ${registry.url}. Ctrl-C stops it.
  next: LEFTON_SCHEMA_REGISTRY_URL=${registry.url} beside LEFTON_KAFKA_BROKERS
`);
  stopsWithParent(() => registry.stop());
}
