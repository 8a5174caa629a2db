import { realPause } from '../runtime/clock.ts';
import { Log } from '../telemetry/log.ts';
import { EntityPublisher } from './entity-publisher.ts';
import type { EntitySettings } from './entity-publisher.ts';
import type { MeterView } from './meter-view.ts';

/** A process that publishes what its argument says until it is killed. */
const given = JSON.parse(process.argv[2] ?? '') as { settings: EntitySettings; views: MeterView[] };
const log = new Log((line) => process.stderr.write(line), Date.now);
const publisher = new EntityPublisher(given.settings, () => given.views, realPause, log);
await publisher.run(new AbortController().signal);
