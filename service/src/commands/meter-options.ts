import type { Command } from 'commander';

/** The options of a command that hears meters. */
export const meterOptions = (command: Command): Command =>
  command
    .option(
      '--device <path>',
      'serial device of a meter, tcp://host:port of a server that has it, or gpiochip0:17 for pulses',
    )
    .option('--protocol <name>', 'what the meter speaks; docs/meters.md lists them')
    .option('--baud <n>', "the line's speed, where it is not the usual one")
    .option('--meter-options <json>', 'what docs/meters.md has for some meters: {"checksum":"x25"}')
    .option('--impulses-per-kwh <n>', 'of a meter that gives pulses (--protocol pulse), as printed on it')
    .option('--meter-clock', "take the meter's own instants, where it tells them with their zone")
    .option('--mqtt-topic <topic>', 'a topic with power; LEFTON_MQTT_URL says where')
    .option(
      '--home-assistant-sensor <id>',
      'a sensor with power; LEFTON_HOME_ASSISTANT_URL and _TOKEN say where',
    )
    .option('--poll-url <url>', 'a device that answers with JSON, such as a Shelly')
    .option('--json-path <path>', 'where power stands in a message or answer: ENERGY.Power')
    .option('--power-unit <unit>', 'of such a number: W, kW, VA, Wh or kWh (default: W)')
    .option('--inverted', 'export counts as positive there');
