import { z } from 'zod';
import type { HomeAssistantConnection } from './connection.ts';
import { Late, within } from '../../runtime/within.ts';

/** Home Assistant tells the first state together with its answer. */
const FIRST_MS = 5_000;

/** What Home Assistant says of an entity at one instant. */
export interface EntityState {
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Since when it says so: of Home Assistant's clock, in ms. */
  readonly at: number;
}

const attributes = z.record(z.string(), z.unknown());
/** Instants in seconds; `lu` is left out where it is the same as `lc`. */
const whole = z.object({
  s: z.string(),
  a: attributes.default({}),
  lc: z.number(),
  lu: z.number().optional(),
});
const news = z.object({
  s: z.string().optional(),
  a: attributes.default({}),
  lc: z.number().optional(),
  lu: z.number().optional(),
});
const changes = z.object({
  a: z.record(z.string(), whole).default({}),
  c: z
    .record(
      z.string(),
      z.object({ '+': news.optional(), '-': z.object({ a: z.array(z.string()) }).optional() }),
    )
    .default({}),
  r: z.array(z.string()).default([]),
});

/** One entity, as long as somebody looks. */
export class Entity {
  readonly id: string;
  readonly #connection: HomeAssistantConnection;

  constructor(connection: HomeAssistantConnection, id: string) {
    this.#connection = connection;
    this.id = id;
  }

  /**
   * Resolves with what the entity is now, undefined where it does not exist; then tells each change, until `end`.
   * @param onLost hears when the connection goes; nothing more is told then
   * @throws DeliveryError
   */
  async watch(
    onState: (state: EntityState | undefined) => void,
    onLost: () => void,
  ): Promise<{ now: EntityState | undefined; end: () => void }> {
    const { faults } = this.#connection;
    const first = Promise.withResolvers<undefined>();
    // it may fail before anybody waits
    first.promise.catch(() => undefined);
    let now: EntityState | undefined;
    const end = await this.#connection.subscribe(
      { type: 'subscribe_entities', entity_ids: [this.id] },
      (event) => {
        now = after(changes.parse(event), this.id, now);
        first.resolve(undefined);
        onState(now);
      },
      () => {
        first.reject(faults.away('the connection is lost'));
        onLost();
      },
    );
    try {
      await within(first.promise, FIRST_MS);
    } catch (error) {
      end();
      throw error instanceof Late ? faults.away(`no state of ${this.id}`) : error;
    }
    return { now, end };
  }

  /**
   * What it is now; undefined where it does not exist.
   * @throws DeliveryError
   */
  async now(): Promise<EntityState | undefined> {
    const ignore = (): void => undefined;
    const { now, end } = await this.watch(ignore, ignore);
    end();
    return now;
  }
}

function after(
  { a, c, r }: z.infer<typeof changes>,
  id: string,
  before: EntityState | undefined,
): EntityState | undefined {
  const added = a[id];
  if (added !== undefined) return { state: added.s, attributes: added.a, at: instant(added.lu ?? added.lc) };
  if (r.includes(id) || before === undefined) return undefined;
  const change = c[id];
  if (change === undefined) return before;
  const { '+': plus, '-': minus } = change;
  const kept = Object.entries(before.attributes).filter(([name]) => !(minus?.a ?? []).includes(name));
  const at = plus?.lu ?? plus?.lc;
  return {
    state: plus?.s ?? before.state,
    attributes: { ...Object.fromEntries(kept), ...plus?.a },
    at: at === undefined ? before.at : instant(at),
  };
}

const instant = (seconds: number): number => Math.round(seconds * 1000);
