import { Command } from 'commander';
import { action } from '../cli/command.ts';
import { CAPTURE_OPTIONS } from '../settings/options.ts';
import { settingOptions } from './setting-options.ts';

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
docs/kafka.md those for encryption and users, docs/settings.md all. LEFTON_TOKEN is the token of a service, and the one that is asked of Prometheus.
Exit codes: 0 the source has ended or was stopped, 1 it could not go on, 2 the settings are not right.`;

/** `lefton capture` */
export function captureCommand(): Command {
  const command = new Command('capture')
    .description('bring readings to raw_power on Kafka, or to a service, without scoring them')
    .option('--config <file>', 'JSON file with settings')
    .option('--detect <device>', 'try speeds and protocols, name the meter, and end');
  const capturing = settingOptions(command, CAPTURE_OPTIONS)
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
