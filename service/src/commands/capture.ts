import { Command } from 'commander';
import { action } from '../cli/command.ts';
import { meterOptions } from './meter-options.ts';

const EXAMPLES = `
Examples:
  Find out which meter is at the end of a cable, and the settings for it
    lefton capture --detect /dev/ttyUSB0
  Whether it is heard, with the same options: each meter is listened to for a while, and nothing is kept
    lefton check --device /dev/ttyUSB0 --protocol dsmr
  Bring a smart meter to Kafka; while no broker answers, readings wait in lefton-spool.db
    lefton capture --device /dev/ttyUSB0 --protocol dsmr --kafka-brokers broker:9092
  Bring what Tasmota, Shelly or Zigbee2MQTT publish to a service on another machine
    LEFTON_MQTT_URL=mqtt://localhost lefton capture --mqtt-topic tele/meter/SENSOR --service-url http://pi.local:7420
  Bring a growing file to Kafka, each line once, over restarts
    lefton capture --kafka-brokers broker:9092 --tail readings.csv
  Play the sample house at an hour a second
    lefton capture --kafka-brokers broker:9092 --replay data/sample-house/readings.csv.gz --speed 3600

Every option is also a variable (LEFTON_KAFKA_BROKERS) and a key of the --config file; docs/meters.md lists those of meters,
docs/kafka.md those for encryption and users. LEFTON_TOKEN is the token of a service, and the one that is asked of Prometheus.
Exit codes: 0 the source has ended or was stopped, 1 it could not go on, 2 the settings are not right.`;

/** `lefton capture` */
export function captureCommand(): Command {
  const capturing = meterOptions(new Command('capture'))
    .description('bring readings to raw_power on Kafka, or to a service, without scoring them')
    .option('--meter <id>', 'meter of readings that name none (default: home)')
    .option('--kafka-brokers <list>', 'host:port, several by comma')
    .option('--kafka-prefix <text>', 'in front of the names of the topics')
    .option('--service-url <url>', 'a service on another machine, in place of Kafka')
    .option('--spool <file>', 'where readings wait (default: lefton-spool.db)')
    .option('--config <file>', 'JSON file with settings')
    .option('--tail <file>', 'follow a growing canonical CSV: at,watts[,meter]')
    .option('--stdin', 'read canonical CSV or JSON lines from standard input')
    .option('--replay <file>', 'play a canonical CSV, plain or .gz')
    .option('--speed <n>', 'simulated time per real time, or max (default: 1)')
    .option('--from <instant>', 'begin the replay here, after a day at full speed')
    .option('--once', 'end at the end of a tailed file')
    .option('--metrics-port <n>', 'port to answer Prometheus at: /metrics (default: none)')
    .option(
      '--host <address>',
      'address to answer at; beyond this machine a token is needed (default: 127.0.0.1)',
    )
    .option('--detect <device>', 'try speeds and protocols, name the meter, and end')
    .option('--json', 'print readings and how well meters are heard as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action(
      action('capture', async (flags: Record<string, unknown>) => {
        return (await import('./capture-run.ts')).capture(flags);
      }),
    );
  capturing
    .command('install')
    .description('print what it takes to run as a service of systemd; nothing is done')
    .action(
      action('capture install', async () => {
        const { captureTools } = await import('../capture/capture.ts');
        const { printInstall } = await import('./capture-setup.ts');
        printInstall((await captureTools()).installSteps());
        return 0;
      }),
    );
  return capturing;
}
