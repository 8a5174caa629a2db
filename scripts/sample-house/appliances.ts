import type { Load } from './load.ts';
import type { Random } from './random.ts';

/** Where and with which dice an appliance is used. All times are minutes from the start of the simulation. */
export interface House {
  readonly load: Load;
  readonly random: Random;
}

export function kettle({ load, random }: House, at: number): void {
  load.add(at, random.between(1.4, 4.2), random.between(2080, 2180));
}

export function coffee({ load, random }: House, at: number): void {
  load.chain(at, [
    [random.between(2.5, 5), 1380],
    [random.between(5, 40), random.between(28, 60)],
  ]);
}

export function toaster({ load, random }: House, at: number): void {
  for (let round = random.whole(1, 3), from = at; round > 0; round--, from += random.between(3, 5)) {
    load.add(from, random.between(2, 3), 880);
  }
}

export function microwave({ load, random }: House, at: number): void {
  load.add(at, random.between(1, 6), random.between(1190, 1260));
}

/** Hot water drawn at the kitchen sink. */
export function sinkWater({ load, random }: House, at: number): void {
  load.add(at, random.between(2, 8), random.between(1940, 2020));
}

export function hairDryer({ load, random }: House, at: number): void {
  load.add(at, random.between(2, 7), random.between(1250, 1750));
}

/** Bathroom heater on cold mornings: the fan heater that is later left on elsewhere has a sibling here. */
export function bathroomHeater({ load, random }: House, at: number): void {
  load.add(at, random.between(8, 24), random.between(1840, 1900));
}

/** One or two induction zones: on high to begin with, then in pulses that a minute averages. */
export function hob({ load, random }: House, at: number, minutes: number): void {
  for (let zone = random.whole(1, 2); zone > 0; zone--) {
    const from = at + random.between(0, minutes * 0.3);
    const full = random.between(1350, 2050);
    const boil = random.between(4, 11);
    load.add(from, boil, full);
    const simmer = random.between(0.18, 0.5);
    for (let minute = from + boil; minute < at + minutes; minute++) {
      load.add(minute, 1, full * Math.max(0, random.about(simmer, 0.1)));
    }
  }
}

/** Oven, 2.2 kW: heats up, then its thermostat. */
export function oven({ load, random }: House, at: number, minutes: number): void {
  const watts = random.between(2160, 2240);
  const heatUp = Math.min(minutes, random.between(8, 14));
  load.add(at, heatUp, watts);
  for (let from = at + heatUp; from < at + minutes;) {
    const cycle = random.between(9, 14);
    from += cycle * 0.62;
    load.add(from, Math.min(cycle * 0.38, Math.max(0, at + minutes - from)), watts);
    from += cycle * 0.38;
  }
}

export function washingMachine({ load, random }: House, at: number): number {
  const heat = random.chance(0.25) ? random.between(19, 29) : random.between(8, 16);
  let end = load.chain(at, [
    [random.between(3, 6), 70],
    [heat, random.between(2020, 2140)],
  ]);
  for (let turn = random.whole(14, 26); turn > 0; turn--) {
    end = load.chain(end, [
      [random.between(0.8, 2), random.between(110, 260)],
      [random.between(0.4, 1.2), 15],
    ]);
  }
  return load.chain(end, [
    [random.between(9, 15), random.between(70, 130)],
    [random.between(5, 9), random.between(330, 540)],
  ]);
}

export function dryer({ load, random }: House, at: number): void {
  const end = at + random.between(48, 95);
  for (let from = at; from < end;) {
    const heat = random.between(7, 16);
    load.add(from, heat, random.between(2280, 2420));
    load.add(from + heat, 3, 240);
    from += heat + random.between(2, 4);
  }
}

export function dishwasher({ load, random }: House, at: number): void {
  const watts = random.between(1880, 1960);
  const eco = random.chance(0.6);
  load.chain(at, [
    [random.between(4, 9), 55],
    [eco ? random.between(9, 13) : random.between(15, 21), watts],
    [random.between(22, eco ? 75 : 35), random.between(55, 85)],
    [random.between(8, 14), watts],
    [random.between(8, 20), 35],
  ]);
}

export function vacuumCleaner({ load, random }: House, at: number): void {
  load.chain(at, [
    [random.between(6, 15), random.between(640, 760)],
    [random.between(1, 6), 0],
    [random.between(4, 12), random.between(640, 760)],
  ]);
}

export function iron({ load, random }: House, at: number): void {
  for (let minute = random.between(15, 45); minute > 0; minute -= 2) {
    load.add(at + minute, random.between(0.4, 1), 2000);
  }
}

/** A steady thing that people switch on and off: screens, lamps, a computer. */
export function steady({ load, random }: House, at: number, minutes: number, watts: number): void {
  for (let from = at; from < at + minutes; from += 10) {
    load.add(from, Math.min(10, at + minutes - from), watts * random.between(0.93, 1.07));
  }
}
