import { captureTools } from '../capture/capture.ts';
import type { Step, Tried } from '../capture/capture.ts';
import { say } from '../cli/command.ts';

/** What was found out about a cable; the exit code: 0 where a meter was heard. */
export async function printDetected(
  device: string,
  tries: AsyncIterable<Tried>,
  json: boolean,
): Promise<number> {
  let bytes = 0;
  for await (const { line, heard, ...tried } of tries) {
    bytes += tried.bytes;
    const format = lineText(line);
    if (json) {
      const { name: protocol, title } = heard?.kind ?? { name: null, title: null };
      say(JSON.stringify({ device, line: format, bytes: tried.bytes, protocol, title }));
    } else if (heard === undefined) say(`${format}: ${tried.bytes} bytes, no meter known here`);
    if (heard === undefined) continue;
    if (!json) {
      const { watts, energyWh } = heard.last;
      const power = watts === null ? '' : `, ${watts} W`;
      const energy = energyWh === null ? '' : `, register ${energyWh / 1_000} kWh`;
      say(`${format}: ${heard.kind.title}${power}${energy}`);
      const [usual] = heard.kind.lines;
      const baud = usual?.baudRate === line.baudRate ? '' : ` --baud ${line.baudRate}`;
      const options =
        Object.keys(heard.options).length === 0 ? '' : ` --meter-options '${optionsText(heard.options)}'`;
      say(`\n${commandsFor(`--device ${device} --protocol ${heard.kind.name}${baud}${options}`)}`);
    }
    return 0;
  }
  if (!json)
    say(
      bytes === 0
        ? (await captureTools()).NO_BYTE
        : 'Bytes came, but no meter that is known: the signal may be inverted, or the meter encrypts what it says.',
    );
  return 1;
}

/** What to run, for a home on one machine and for one whose readings are scored elsewhere. */
const commandsFor = (meter: string): string =>
  `Whether it is heard:
  npx lefton check ${meter}
On one machine, which hears and scores:
  npx lefton serve --model models/home.json ${meter}
Where another machine scores, by its address, or by Kafka:
  npx lefton capture ${meter} --service-url http://pi.local:7420
  npx lefton capture ${meter} --kafka-brokers broker:9092`;

/** What an installation would do, for people to look at and to do. */
export function printInstall(steps: readonly Step[]): void {
  for (const step of steps)
    say('file' in step ? `### write ${step.file}\n${step.text}` : `### run\n${step.command}\n`);
}

type Line = Tried['line'];
const lineText = ({ baudRate, dataBits, parity, stopBits }: Line): string =>
  `${baudRate} ${dataBits}${parity === 'none' ? 'N' : 'E'}${stopBits}`;

/** As `meter_options` takes them. */
const optionsText = ({ checksum }: NonNullable<Tried['heard']>['options']): string =>
  JSON.stringify(checksum === undefined ? {} : { checksum });
