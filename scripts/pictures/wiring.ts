import { element, picture } from '@lefton/notebook-lib';

/** A wire: from a pin of the meter to a pin of the machine. */
interface WirePair {
  readonly from: string;
  readonly to: string;
  readonly note?: string;
}

/** How the meters of a family are wired. */
interface Wiring {
  readonly title: string;
  readonly meter: string;
  readonly cable: string;
  readonly wires: readonly WirePair[];
}

const WIRINGS: Readonly<Record<string, Wiring>> = {
  p1: {
    title: 'P1 port (DSMR): RJ12 to a USB cable that inverts',
    meter: 'meter, RJ12',
    cable: 'USB cable, RX inverted',
    wires: [
      { from: '2  data request', to: '+5 V', note: 'high: the meter speaks' },
      { from: '3  data ground', to: 'GND' },
      { from: '5  data, open collector', to: 'RX', note: '1 kΩ to +5 V' },
    ],
  },
  sml: {
    title: 'German meters (SML): an optical head on the info interface',
    meter: 'infrared diode',
    cable: 'optical head with USB',
    wires: [{ from: 'light out', to: 'RX', note: 'magnet holds the head' }],
  },
  linky: {
    title: 'Linky (TIC): terminals I1 and I2 by an opto-coupler',
    meter: 'terminals',
    cable: 'TIC interface with USB',
    wires: [
      { from: 'I1', to: 'opto-coupler', note: 'no polarity' },
      { from: 'I2', to: 'opto-coupler' },
    ],
  },
  modbus: {
    title: 'PZEM-004T by TTL, SDM by RS485',
    meter: 'meter',
    cable: 'USB to TTL, or to RS485',
    wires: [
      { from: 'PZEM  TX', to: 'RX' },
      { from: 'PZEM  RX', to: 'TX' },
      { from: 'PZEM  5 V, GND', to: '5 V, GND' },
      { from: 'SDM  A, B', to: 'A, B', note: '120 Ω at the end' },
    ],
  },
  pulse: {
    title: 'Pulses: an S0 output, or a LED by a phototransistor',
    meter: 'meter, or photo head',
    cable: 'Raspberry Pi, 40 pins',
    wires: [
      { from: 'S0+, or collector', to: 'GPIO 17, pin 11', note: 'pull-up of the chip' },
      { from: 'S0-, or emitter', to: 'GND, pin 9', note: 'never more than 3.3 V' },
    ],
  },
  receivers: {
    title: 'CurrentCost and emonTx: the cable that comes with it',
    meter: 'display, or board',
    cable: 'USB cable',
    wires: [
      { from: 'CurrentCost  data', to: 'RX' },
      { from: 'CurrentCost  ground', to: 'GND' },
      { from: 'emonTx  TX, GND', to: 'RX, GND', note: '3.3 V' },
    ],
  },
};

const [WIDTH, ROW, TOP, BOX] = [640, 34, 74, 220];
const INK = '#1f2937';

function wiring({ title, meter, cable, wires }: Wiring): string {
  const height = TOP + wires.length * ROW + 24;
  const right = WIDTH - BOX - 16;
  const box = (x: number, name: string): string[] => [
    element('rect', {
      ...{ x, y: 40, width: BOX, height: height - 52, rx: 8, fill: '#f3f4f6', stroke: INK },
    }),
    element('text', { x: x + 12, y: 60, 'font-weight': 600, fill: INK }, name),
  ];
  const rows = wires.flatMap(({ from, to, note }, index) => {
    const y = TOP + index * ROW + 14;
    return [
      element('text', { x: 28, y: y + 4, fill: INK }, from),
      element('line', { x1: 16 + BOX, y1: y, x2: right, y2: y, stroke: '#b45309', 'stroke-width': 2 }),
      element('text', { x: right + 12, y: y + 4, fill: INK }, to),
      ...(note === undefined
        ? []
        : [
            element(
              'text',
              { x: WIDTH / 2, y: y - 5, 'text-anchor': 'middle', 'font-size': 11, fill: '#4b5563' },
              note,
            ),
          ]),
    ];
  });
  return picture(WIDTH, height, title, [
    element('text', { x: 16, y: 24, 'font-size': 15, 'font-weight': 600, fill: INK }, title),
    ...box(16, meter),
    ...box(right, cable),
    ...rows,
  ]);
}

/** The pictures of docs/meters.md by file name. */
export const wirings = (): ReadonlyMap<string, string> =>
  new Map(Object.entries(WIRINGS).map(([name, each]) => [`wiring-${name}.svg`, wiring(each)]));
