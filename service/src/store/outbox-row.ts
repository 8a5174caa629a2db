import type { AnomalyRecord } from '@lefton/core';
import type { Alert } from '../ports.ts';
import type { Delivery, DeliveryState, DeliveryView } from '../outbox-ports.ts';

/** A row of the outbox as SQLite has it. */
type Row = Record<string, unknown>;

/** The event that it is about. */
export const recordOf = ({ record }: Row): AnomalyRecord => JSON.parse(record as string) as AnomalyRecord;

const alertOf = (row: Row): Alert => ({
  episode: row.episode as string,
  event: row.event as string,
  channel: row.channel as string,
  record: recordOf(row),
  zone: row.zone as string,
  ...(typeof row.trace === 'string' ? { trace: row.trace } : {}),
});

export const deliveryOf = (row: Row): Delivery => ({
  ...alertOf(row),
  id: row.id as number,
  standsIn: row.stands_in as string | null,
  createdAt: row.created_at as number,
  held: row.held === 1,
  attempts: row.attempts as number,
  firstAttemptAt: row.first_attempt_at as number | null,
  interrupted: row.begun === 1 ? (row.message as string | null) : null,
});

export const viewOf = (row: Row): DeliveryView => ({
  ...alertOf(row),
  state: row.state as DeliveryState,
  standsIn: row.stands_in as string | null,
  createdAt: row.created_at as number,
  settledAt: row.settled_at as number | null,
  attempts: row.attempts as number,
  note: row.note as string | null,
});
