import { LeftOnError, toRecord, Zone } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { decodeEvent } from '../records/event-format.ts';
import type { Log } from '../telemetry/log.ts';
import type { ModelsInUse } from '../models/models.ts';
import type { Alert, Consumer, MeterRow, Outcome, TopicRecord } from '../ports.ts';

/** anomaly_power -> episodes, and an alert for each channel. */
export class Announcer implements Consumer {
  readonly group = 'announcer';
  readonly topic = 'anomaly_power';
  readonly batch = 100;
  readonly #models: ModelsInUse;
  readonly #channels: readonly string[];
  readonly #zone: Zone;
  readonly #log: Log;

  /**
   * @param channels names of the channels that get every event
   * @param zone of meters that have no model here
   */
  constructor(models: ModelsInUse, channels: readonly string[], zone: string, log: Log) {
    this.#models = models;
    this.#channels = channels;
    this.#zone = Zone.named(zone);
    this.#log = log;
  }

  prepare(): undefined {
    return undefined;
  }

  fold(records: readonly TopicRecord[]): Outcome {
    const events: AnomalyEvent[] = [];
    const alerts: Alert[] = [];
    for (const { value, position, headers } of records) {
      try {
        const event = decodeEvent(value);
        events.push(event);
        alerts.push(...this.#alertsOf(event, headers.traceparent));
      } catch (error) {
        if (!(error instanceof LeftOnError)) throw error;
        // whoever else writes to the topic finds it there; nobody can be told of it
        this.#log.warn('a record is no event', { why: error.message, position });
      }
    }
    return { produce: [], changes: { readings: [], events, alerts } };
  }

  newcomers(): [] {
    return [];
  }

  save(): MeterRow[] {
    return [];
  }

  forget(): void {
    // nothing is remembered between folds
  }

  restore(): void {
    // nothing is remembered between folds
  }

  #alertsOf(event: AnomalyEvent, trace: string | undefined): Alert[] {
    const zone = this.#models.of(event.meter)?.compiled.zone ?? this.#zone;
    const record = toRecord(event);
    const name = event.type === 'still_on' ? `still_on ${record.at}` : event.type;
    return this.#channels.map((channel) => ({
      ...{ episode: event.episode, event: name, channel, record, zone: zone.name },
      ...(trace === undefined ? {} : { trace }),
    }));
  }
}
