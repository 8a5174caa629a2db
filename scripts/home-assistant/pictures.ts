import { toRecord, wattHours, watts, wordsIn, Zone } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { realPause } from '../../service/src/runtime/clock.ts';
import { EntityPublisher } from '../../service/src/entities/entity-publisher.ts';
import type { MeterView } from '../../service/src/entities/meter-view.ts';
import { englishNames } from '../../service/src/entities/names.ts';
import { Log } from '../../service/src/telemetry/log.ts';
import { HomeAssistantConnection } from '../../service/src/notify/home-assistant/connection.ts';
import { DashboardChannel } from '../../service/src/notify/home-assistant/dashboard.ts';
import { HomeAssistant } from './home-assistant.ts';
import { until } from './until.ts';

const FOLDER = new URL('../../docs/pictures/', import.meta.url);
const MINUTES = 60_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** As somebody may lay out what there is. */
const DASHBOARD = {
  views: [
    {
      title: 'Power',
      cards: [
        {
          type: 'entities',
          title: 'Home',
          entities: [
            'sensor.lefton_home_power',
            'sensor.lefton_home_usual_power',
            'binary_sensor.lefton_home_unusual',
            'sensor.lefton_home_last_episode',
            'binary_sensor.lefton_home_meter_silent',
          ].map((entity) => ({ entity })),
        },
        {
          type: 'gauge',
          entity: 'sensor.lefton_home_score',
          name: 'Score: from 1 on it is unusual',
          min: 0,
          max: 3,
          needle: true,
          severity: { green: 0, yellow: 0.8, red: 1 },
        },
        {
          type: 'markdown',
          content:
            "{{ state_attr('sensor.lefton_home_last_episode', 'why') }} So far " +
            "{{ state_attr('sensor.lefton_home_last_episode', 'excess_kwh') }} kWh more than usual.",
        },
      ],
    },
  ],
};

/** An oven that was left on an hour ago. */
function left(): MeterView {
  const since = Math.floor((Date.now() - 60 * MINUTES) / MINUTES) * MINUTES;
  return {
    meter: 'home',
    score: { known: true, score: 2.31 },
    watts: 2_640,
    usualWatts: 410,
    phase: 'open',
    silentSince: null,
    lastEpisode: {
      episode: `home@${new Date(since).toISOString()}`,
      since,
      until: null,
      open: true,
      excess_wh: 2_230,
      why: 'In 123 days power that settled between 2.3 kW and 2.8 kW around 18:00 never stayed there longer than 50 minutes.',
    },
  };
}

const LOG = new Log((line) => process.stderr.write(line), Date.now);

/** The alert about it, as the dashboard gets it. */
async function notify({ url, token }: HomeAssistant): Promise<string> {
  const { lastEpisode, watts: now, usualWatts } = left();
  const { since = Date.now(), episode = '' } = lastEpisode ?? {};
  const at = since + 60 * MINUTES;
  const zone = new Zone('Europe/Berlin');
  const event: AnomalyEvent = {
    type: 'opened',
    episode,
    meter: 'home',
    at,
    hour: 18,
    day: 2,
    watts: watts(now ?? 0),
    meanWatts: null,
    usualWatts: watts(usualWatts ?? 0),
    score: 2.31,
    since,
    until: null,
    longestMs: null,
    excessWh: wattHours(2_230),
    cost: null,
    why: '',
  };
  const words = wordsIn('en');
  const title = words.title([event]);
  const channel = new DashboardChannel(new HomeAssistantConnection({ url, token }, LOG));
  await channel.deliver(
    {
      id: '0'.repeat(32),
      severity: 'warning',
      title,
      text: words.text([event], zone),
      speech: '',
      records: [toRecord(event)],
      zone: zone.name,
    },
    say,
  );
  await channel.close();
  return title;
}

/** A browser in which the owner is logged in. */
async function pageOf(home: HomeAssistant, width: number, height: number): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({
    viewport: { width, height },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const tokens = {
    access_token: home.token,
    token_type: 'Bearer',
    expires_in: 1_800,
    expires: Date.now() + 1e9,
    hassUrl: home.url,
    clientId: `${home.url}/`,
    refresh_token: '',
  };
  await page.addInitScript((text) => {
    localStorage.setItem('hassTokens', text);
    localStorage.setItem('dockedSidebar', '"always_hidden"');
  }, JSON.stringify(tokens));
  return page;
}

const home = await HomeAssistant.start({ say });
const stop = new AbortController();
const publisher = new EntityPublisher(
  {
    url: home.mqtt.url,
    username: null,
    password: null,
    caFile: null,
    prefix: 'lefton',
    discoveryPrefix: 'homeassistant',
    instance: null,
    version: '0.1.0',
    pageUrl: null,
    meterNames: {},
    names: englishNames,
    everyMs: 1_000,
  },
  () => [left()],
  realPause,
  LOG,
);
const published = publisher.run(stop.signal);
try {
  await until(
    'the entities are there',
    async () => (await home.state('sensor.lefton_home_score')) !== undefined,
  );
  await home.bus.ask('lovelace/config/save', { config: DASHBOARD });
  const page = await pageOf(home, 860, 400);
  await page.goto(`${home.url}/lovelace/0`);
  await page.getByText('more than usual').first().waitFor();
  await page.waitForLoadState('networkidle');
  const name = 'home-assistant-entities.png';
  await page.screenshot({ path: new URL(name, FOLDER).pathname });
  say(`docs/pictures/${name}`);
  await page.context().browser()?.close();
  const title = await notify(home);
  const drawer = await pageOf(home, 640, 264);
  await drawer.goto(`${home.url}/lovelace/0`);
  await drawer.getByText('more than usual').first().waitFor();
  // what the bell in the side bar does, which is hidden here
  await drawer.evaluate(`document
    .querySelector('home-assistant')
    .shadowRoot.querySelector('home-assistant-main')
    .dispatchEvent(new CustomEvent('hass-show-notifications'))`);
  const shown = drawer.getByText(title).first();
  await shown.waitFor();
  let place = '';
  await until('it has slid in', async () => {
    const box = await shown.boundingBox();
    const before = place;
    place = JSON.stringify(box);
    return box !== null && box.x >= 0 && place === before;
  });
  await drawer.waitForLoadState('networkidle');
  await drawer.screenshot({ path: new URL('home-assistant-notification.png', FOLDER).pathname });
  say('docs/pictures/home-assistant-notification.png');
  await drawer.context().browser()?.close();
} finally {
  stop.abort();
  await published;
  await home.stop();
}
