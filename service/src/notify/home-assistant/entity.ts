import { z } from 'zod';
import type { HomeAssistantConnection } from './connection.ts';

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
   * Tells what the entity is now and then each change; undefined where it does not exist.
   * @param onLost hears when the connection goes; nothing more is told then
   * @returns how to end it
   * @throws DeliveryError
   */
  watch(onState: (state: EntityState | undefined) => void, onLost: () => void): Promise<() => void> {
    let state: EntityState | undefined;
    const onEvent = (event: unknown): void => {
      state = after(changes.parse(event), this.id, state);
      onState(state);
    };
    return this.#connection.subscribe({ type: 'subscribe_entities', entity_ids: [this.id] }, onEvent, onLost);
  }

  /**
   * What it is now; undefined where it does not exist.
   * @throws DeliveryError
   */
  async now(): Promise<EntityState | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<EntityState | undefined>();
    const end = await this.watch(resolve, () => {
      reject(this.#connection.faults.away('the connection is lost'));
    });
    try {
      return await promise;
    } finally {
      end();
    }
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
