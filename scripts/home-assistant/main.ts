import { portOption, stopsWithParent } from '../kafka/foreground.ts';
import { HomeAssistant } from './home-assistant.ts';
import { missingHomeAssistant } from './needed.ts';
import { OWNER } from './onboarding.ts';

const HELP = `Starts a real Home Assistant on this machine, for trying and testing, with a media player that nobody hears,
speech, an MQTT broker, and an owner who has a token. The first time it is installed into the cache folder.

  npm run home-assistant                 on 127.0.0.1:8123 until Ctrl-C
  npm run home-assistant -- --port 8124  on another port
`;

const { argv } = process;
const missing = missingHomeAssistant();
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
if (argv.includes('--help') || argv.includes('-h')) {
  process.stdout.write(HELP);
} else if (missing !== undefined) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  say('Starting Home Assistant ...');
  const home = await HomeAssistant.start({ port: portOption(argv) ?? 8123, pollS: 10, say });
  say(`Home Assistant answers at ${home.url}. Ctrl-C stops it and deletes its data.
  user      ${OWNER.username}
  password  ${OWNER.password}
  token     ${home.token}
  MQTT      ${home.mqtt.url}
  player    media_player.speaker
  speech    tts.voice
  next: curl -H 'authorization: Bearer ${home.token}' -H 'content-type: application/json' \\
    -d '{"entity_id": "tts.voice", "media_player_entity_id": "media_player.speaker", "message": "Hello"}' \\
    ${home.url}/api/services/tts/speak`);
  stopsWithParent(() => home.stop());
}
