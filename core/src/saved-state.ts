import { LeftOnError } from './errors.ts';
import { EXCESS_SLOTS, goOnFrom, totalOf } from './excess.ts';
import { KNOWN_SLOTS, MeterState, STATE_SLOTS } from './meter-state.ts';
import type { CompiledModel } from './model/compiled.ts';

/** Those of the versions before, of which the known ones, up to the total of energy, are in the same places. */
const SLOTS_BEFORE = [485, 490];
const KNOWN_BEFORE = KNOWN_SLOTS - EXCESS_SLOTS + 1;

/** A copy of the state as bytes, exact to the bit. */
export function saveState(state: MeterState): Uint8Array {
  return new Uint8Array(state.slots.slice(0, STATE_SLOTS).buffer);
}

/**
 * A state from saved bytes. Saved under a model with other steps or of another kind, or by the version before, what was trailing
 * starts anew; the episode and what is known of the meter go on.
 * @throws LeftOnError `bad_state` when the bytes are of another version.
 */
export function restoreState(model: CompiledModel, meter: string, bytes: Uint8Array): MeterState {
  if (SLOTS_BEFORE.includes(bytes.byteLength / 8)) return goneOn(model, meter, bytes);
  if (bytes.byteLength !== STATE_SLOTS * 8) {
    throw new LeftOnError({
      code: 'bad_state',
      place: `state of meter ${meter}`,
      expected: `${STATE_SLOTS * 8} bytes`,
      found: `${bytes.byteLength} bytes`,
    });
  }
  const state = new MeterState(model, meter);
  state.slots.set(new Float64Array(bytes.slice().buffer));
  if (!state.keepsTrailing(model)) state.beginTrailing(model);
  return state;
}

/** A state of the version before under this one; its marks of energy were other ones. */
function goneOn(model: CompiledModel, meter: string, bytes: Uint8Array): MeterState {
  const state = new MeterState(model, meter);
  state.slots.set(new Float64Array(bytes.slice().buffer, 0, KNOWN_BEFORE));
  goOnFrom(state.excess, totalOf(state.excess));
  state.beginTrailing(model);
  return state;
}

/**
 * The same meter under a newly fitted model. What is trailing is measured in watts and instants, so it goes on as it
 * is where the steps are the same.
 */
export function adoptModel(model: CompiledModel, state: MeterState): MeterState {
  const adopted = restoreState(model, state.meter, saveState(state));
  adopted.verdict = state.verdict;
  return adopted;
}
