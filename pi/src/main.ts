import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { formatUtc } from '@lefton/core';
import { Forwarder } from './forward/forwarder.ts';
import { ServiceDestination } from './forward/service-destination.ts';

const HELP = `Brings readings from standard input to a LeftOn service.

  node pi/src/main.ts [--to http://127.0.0.1:7420] [--meter home]

Each line is at,watts[,meter] with an ISO instant, or just watts, which is stamped on arrival.
The token of a service on another machine is read from LEFTON_TOKEN.

Example:
  mosquitto_sub -t tele/meter/power | node pi/src/main.ts --to http://pi.local:7420
`;

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'http://127.0.0.1:7420' },
    meter: { type: 'string', default: 'home' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const destination = new ServiceDestination(values.to, process.env.LEFTON_TOKEN ?? null, (why) => {
    process.stderr.write(`waiting: ${why}\n`);
  });
  const forwarder = new Forwarder(
    destination,
    (ms) => setTimeout(ms),
    (why) => {
      process.stderr.write(`refused: ${why}\n`);
    },
  );
  for await (const line of createInterface({ input: process.stdin })) {
    const text = line.trim();
    if (text === '') continue;
    forwarder.push(text.includes(',') ? text : `${formatUtc(Date.now())},${text},${values.meter}`);
  }
  await forwarder.settled();
  const { counts } = forwarder;
  process.stderr.write(`${JSON.stringify(counts)}\n`);
  if (counts.refused + counts.dropped > 0) process.exitCode = 1;
}
