import type { AnomalyRecord } from '@lefton/core';
import { z } from 'zod';
import { json, nullable, number, oneOf, text } from '../sqlite/row.ts';
import type { Row } from '../sqlite/statement.ts';
import type { Alert } from '../ports.ts';
import type { Delivery, DeliveryView } from '../outbox-ports.ts';

/** As the column `state` may be. */
export const DELIVERY_STATES = ['pending', 'sent', 'failed', 'expired', 'dropped'] as const;

/** Written by toRecord alone; one row that is odd in itself must not hold up the others. */
const record = z.custom<AnomalyRecord>((value) => typeof value === 'object' && value !== null);

/** The event that it is about. */
export const recordOf = (row: Row): AnomalyRecord => json(record, row, 'record');

function alertOf(row: Row): Alert {
  const trace = nullable(text, row, 'trace');
  return {
    episode: text(row, 'episode'),
    event: text(row, 'event'),
    channel: text(row, 'channel'),
    record: recordOf(row),
    zone: text(row, 'zone'),
    ...(trace === null ? {} : { trace }),
  };
}

export const deliveryOf = (row: Row): Delivery => ({
  ...alertOf(row),
  id: number(row, 'id'),
  standsIn: nullable(text, row, 'stands_in'),
  createdAt: number(row, 'created_at'),
  held: number(row, 'held') === 1,
  attempts: number(row, 'attempts'),
  firstAttemptAt: nullable(number, row, 'first_attempt_at'),
  interrupted: number(row, 'begun') === 1 ? nullable(text, row, 'message') : null,
});

export const viewOf = (row: Row): DeliveryView => ({
  ...alertOf(row),
  state: oneOf(DELIVERY_STATES, row, 'state'),
  standsIn: nullable(text, row, 'stands_in'),
  createdAt: number(row, 'created_at'),
  settledAt: nullable(number, row, 'settled_at'),
  attempts: number(row, 'attempts'),
  note: nullable(text, row, 'note'),
});
