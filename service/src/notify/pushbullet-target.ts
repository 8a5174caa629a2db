import { LeftOnError } from '@lefton/core';
import { z } from 'zod';
import { DeliveryError } from '../channel.ts';
import type { PushbulletApi, PushbulletSettings } from './pushbullet-api.ts';

/** Devices of an answer, as many as surely fit into the size that is read. */
const PAGE = 20;
const MOST_PAGES = 10;

const page = z.object({ devices: z.array(z.unknown()), cursor: z.string().optional().catch(undefined) });
const device = z.object({
  iden: z.string().min(1),
  nickname: z.string().optional().catch(undefined),
  active: z.boolean().optional().catch(undefined),
});
type Device = z.infer<typeof device>;

/** What a push says of where it goes; nothing: to all devices. */
type TargetFields = { device_iden: string } | { channel_tag: string } | Record<string, never>;

/** Whom a push is for: one device, the subscribers of a channel, or all devices of the account. */
export class PushbulletTarget {
  readonly #api: PushbulletApi;
  readonly #device: string | null;
  readonly #channel: string | null;
  /** Iden of the device, once it is known. */
  #iden: string | undefined;

  /** @throws LeftOnError `two_targets` (fatal) */
  constructor(api: PushbulletApi, { device, channel }: PushbulletSettings) {
    if (device !== null && channel !== null)
      throw new LeftOnError({
        code: 'two_targets',
        faultClass: 'fatal',
        place: 'pushbullet_device and pushbullet_channel',
        expected: 'one of the two, or none for all devices',
        found: 'both',
      });
    this.#api = api;
    this.#device = device;
    this.#channel = channel;
  }

  /** @throws DeliveryError, `pushbullet_no_device` (fatal) where no device is called so */
  async fields(report: (step: string) => void): Promise<TargetFields> {
    if (this.#channel !== null) return { channel_tag: this.#channel };
    if (this.#device === null) return {};
    if (this.#iden === undefined) {
      report('looking the device up');
      // the names of the others may be of people, and an error is told in other places
      this.#iden = chosen(this.#device, await this.#devices(), (found) => this.#noDevice(found));
    }
    return { device_iden: this.#iden };
  }

  /** The device may have gone: it is looked up again. */
  forget(): void {
    this.#iden = undefined;
  }

  /**
   * Asks whether it is there; resolves with what it is called.
   * @throws DeliveryError
   */
  async check(): Promise<string> {
    if (this.#channel !== null) {
      await this.#findChannel(this.#channel);
      return `channel "${this.#channel}", which is there; whether it is yours shows with the first push`;
    }
    if (this.#device === null) return 'all devices of the account';
    const devices = await this.#devices();
    this.#iden = chosen(this.#device, devices, (found) => {
      const names = devices.map(({ nickname, iden }) => `"${nickname ?? iden}"`).join(', ');
      return this.#noDevice(`${found}: ${names}`);
    });
    return `device "${this.#device}"`;
  }

  async #findChannel(tag: string): Promise<void> {
    try {
      await this.#api.get(`/v2/channel-info?tag=${encodeURIComponent(tag)}&no_recent_pushes=true`);
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'pushbullet_refused') throw error;
      const expected = `pushbullet_channel to be the tag of a channel, found ${error.found}`;
      throw this.#api.fault('pushbullet_no_channel', 'fatal', expected, 'none that is called so');
    }
  }

  async #devices(): Promise<Device[]> {
    const all = new Map<string, Device>();
    let cursor: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const from = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const read = page.safeParse(await this.#api.get(`/v2/devices?active=true&limit=${PAGE}${from}`));
      if (!read.success) throw this.#api.odd('an answer without devices');
      for (const entry of read.data.devices) {
        const { data } = device.safeParse(entry);
        if (data !== undefined && data.active !== false) all.set(data.iden, data);
      }
      ({ cursor } = read.data);
      if (cursor === undefined || cursor === '') break;
    }
    return [...all.values()];
  }

  #noDevice(found: string): DeliveryError {
    const expected = 'pushbullet_device to be the nickname or the iden of one device of the account';
    return this.#api.fault('pushbullet_no_device', 'fatal', expected, found);
  }
}

/** The iden of the device that is meant. */
function chosen(wanted: string, devices: readonly Device[], fault: (found: string) => DeliveryError): string {
  const folded = wanted.toLowerCase();
  const tries = [
    devices.filter(({ iden }) => iden === wanted),
    devices.filter(({ nickname }) => nickname === wanted),
    devices.filter(({ nickname }) => nickname?.toLowerCase() === folded),
  ];
  const [first, ...more] = tries.find((matches) => matches.length > 0) ?? [];
  if (first === undefined) throw fault(`none of ${devices.length}`);
  if (more.length > 0) throw fault(`${more.length + 1} of the same nickname of ${devices.length}`);
  return first.iden;
}
