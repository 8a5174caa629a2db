import { z } from 'zod';
import { DeliveryError } from '../channel.ts';
import type { Channel, Message } from '../channel.ts';
import type { Clock } from '../ports.ts';
import { PushbulletApi } from './pushbullet-api.ts';
import type { PushbulletSettings } from './pushbullet-api.ts';
import { PushbulletTarget } from './pushbullet-target.ts';

const user = z.object({ iden: z.string().min(1) });
const push = z.object({ iden: z.string().regex(/^[\w-]{1,64}$/) });

/** Pushes a note by Pushbullet. It has title and text only, since Pushbullet's servers can read it. */
export class PushbulletChannel implements Channel {
  readonly name = 'pushbullet';
  /** By `guid`: a push with one that is known gives the push that was made of it, says docs.pushbullet.com ("mostly"). */
  readonly idempotent = true;
  readonly #api: PushbulletApi;
  readonly #target: PushbulletTarget;

  /** @throws LeftOnError `bad_token`, `bad_url`, `two_targets` (fatal) */
  constructor(settings: PushbulletSettings, clock: Clock) {
    this.#api = new PushbulletApi(settings, clock);
    this.#target = new PushbulletTarget(this.#api, settings);
  }

  /**
   * @throws DeliveryError `token_refused`, `pushbullet_pro_required` (closed until the next month), `pushbullet_refused`,
   * `pushbullet_no_device` (fatal); `rate_limited`, `pushbullet_away` (transient)
   */
  async deliver({ id, title, text }: Message, report: (step: string) => void): Promise<string> {
    const target = await this.#target.fields(report);
    report(`pushing to ${this.#api.origin}`);
    const note = { type: 'note', title, body: text, guid: id, ...target };
    const answer = await this.#api.post('/v2/pushes', note).catch((error: unknown) => {
      if (error instanceof DeliveryError && error.code === 'pushbullet_refused') this.#target.forget();
      throw error;
    });
    const made = push.safeParse(answer);
    if (!made.success) throw this.#api.odd('an answer without the iden of a push');
    report('Pushbullet took it');
    return `push ${made.data.iden}`;
  }

  /** @throws DeliveryError as `deliver`; `pushbullet_no_channel` (fatal) */
  async check(): Promise<string> {
    if (!user.safeParse(await this.#api.get('/v2/users/me')).success)
      throw this.#api.odd('an answer without the iden of a user');
    return `Pushbullet knows the token; it would tell ${await this.#target.check()}`;
  }

  close(): Promise<void> {
    return this.#api.close();
  }
}
