import { MINUTE, SECOND } from '@lefton/core';
import { DeliveryError } from '../channel.ts';
import type { Channel, Message } from '../channel.ts';
import { Late, within } from '../runtime/within.ts';

/** Channels have limits of their own; this one is for their mistakes. */
const LONGEST_MS = 3 * MINUTE;

/**
 * One delivery by a channel, with an end: what the receiver says of it.
 * @throws DeliveryError also `too_slow`, doubtful
 */
export async function attempt(channel: Channel, message: Message): Promise<string> {
  try {
    return await within(
      channel.deliver(message, () => undefined),
      LONGEST_MS,
    );
  } catch (error) {
    if (!(error instanceof Late)) throw error;
    const found = `nothing within ${LONGEST_MS / SECOND} s`;
    throw new DeliveryError({
      ...{ code: 'too_slow', place: channel.name, expected: 'an end of the delivery', found },
      faultClass: 'transient',
      doubtful: true,
    });
  }
}
