import type { ListedMeter, MeterState, State } from './answers.ts';
import { element } from './document/element.ts';
import type { Home } from './home.ts';
import { Refused, service } from './service.ts';

/** The meter that is asked for, else the first: both are told with their models. */
export const chosenOf = ({ meters }: State, wanted: string): MeterState | undefined => {
  const meter = meters.find(({ meter: name }) => name === wanted) ?? meters[0];
  return meter?.model === null ? undefined : meter;
};

const CHOSEN = 'meter';

/** The meter that the address names, else the one that was chosen last in this tab: a log-in leads to an address without it. */
export function wantedMeter(): string | null {
  try {
    return new URLSearchParams(location.search).get('meter') ?? sessionStorage.getItem(CHOSEN);
  } catch {
    // a browser that keeps nothing
    return null;
  }
}

function remember(meter: string): void {
  const address = new URL(location.href);
  address.searchParams.set('meter', meter);
  history.replaceState(null, '', address);
  try {
    sessionStorage.setItem(CHOSEN, meter);
  } catch {
    // the address has it
  }
}

/** The state for a meter that an address names, which may be no name at all. */
export async function stateFor(meter: string | null): Promise<State> {
  try {
    return await service.state(meter ?? undefined);
  } catch (error) {
    if (meter === null || !(error instanceof Refused)) throw error;
    return service.state();
  }
}

/**
 * Shows a choice of meters, where there are several. What is heard is of one meter; of the others it says how many there are,
 * and they are asked for when that changes.
 * @param watch called with another one, as somebody wants it or as the one that was looked at is gone
 */
export function showMeters(root: HTMLElement, home: Home, watch: (meter: MeterState) => void): void {
  const choice = element('select', { id: 'meter' });
  const label = element('label', { for: 'meter' });
  let count = home.state.meter_count;
  let isAsking = false;
  const fill = (meters: readonly ListedMeter[]): void => {
    const { texts, meter, notation } = home;
    const [told, all] = [meters.length, count].map((number) => notation.number(number, 0));
    label.textContent =
      count > meters.length ? texts.page.someMeters(told ?? '', all ?? '') : texts.page.meter;
    choice.replaceChildren(...meters.map(({ meter: value, name }) => element('option', { value }, name)));
    choice.value = meter.meter;
    root.replaceChildren(...(meters.length > 1 ? [label, choice] : []));
  };
  const look = async (): Promise<void> => {
    const { meter } = home.meter;
    const state = await service.state(meter);
    count = state.meter_count;
    fill(state.meters);
    const left = chosenOf(state, meter);
    if (left !== undefined && left.meter !== meter && home.meter.meter === meter) watch(left);
  };
  const choose = async (name: string): Promise<void> => {
    const meter = chosenOf(await service.state(name), name);
    // another one was chosen meanwhile, or this one is gone
    if (choice.value !== name || meter?.meter !== name) return;
    remember(name);
    watch(meter);
  };
  choice.addEventListener('change', () => {
    choose(choice.value).catch(() => (choice.value = home.meter.meter));
  });
  home.on('meter', ({ meter }) => (choice.value = meter));
  home.on('state', () => {
    const { meter_count, meters } = home.state;
    if (isAsking || (meter_count === count && meters.length > 0)) return;
    isAsking = true;
    // without an answer it is asked again with what is heard next
    look()
      .catch(() => undefined)
      .finally(() => (isAsking = false));
  });
  fill(home.state.meters);
}
