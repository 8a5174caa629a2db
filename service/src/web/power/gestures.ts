import { moved, zoomed } from './span.ts';
import type { Span } from './span.ts';

/** What is looked at, to be moved by hand. */
export interface Movable {
  readonly span: () => Span;
  readonly move: (span: Span) => void;
  /** To where the newest is. */
  readonly home: () => void;
}

const STEP = 0.2;
const CLOSER = 0.7;
/** Of wheels: pixels that double what is shown. */
const WHEEL_PX = 400;

/** Dragging with one finger moves, with two it zooms; so do the wheel with Ctrl, and keys. Scrolling the page stays what it is. */
export function gestures(target: HTMLElement, { span, move }: Movable): void {
  const fingers = new Map<number, number>();
  const placeOf = (x: number): number => {
    const box = target.getBoundingClientRect();
    return box.width === 0 ? 0 : (x - box.left) / box.width;
  };
  target.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(event.clientX));
  });
  const lift = (event: PointerEvent): void => void fingers.delete(event.pointerId);
  target.addEventListener('pointerup', lift);
  target.addEventListener('pointercancel', lift);
  target.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    const place = placeOf(event.clientX);
    fingers.set(event.pointerId, place);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) move(moved(span(), before - place));
    else if (Math.abs(place - other) > 0.02) {
      move(zoomed(span(), Math.abs(before - other) / Math.abs(place - other), (place + other) / 2));
    }
  });
  target.addEventListener(
    'wheel',
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !event.metaKey && !sideways) return;
      event.preventDefault();
      if (sideways) move(moved(span(), event.deltaX / target.clientWidth));
      else move(zoomed(span(), 2 ** (event.deltaY / WHEEL_PX), placeOf(event.clientX)));
    },
    { passive: false },
  );
  target.addEventListener('dblclick', (event) => {
    move(zoomed(span(), 0.5, placeOf(event.clientX)));
  });
}

/** The same by keys, for an element that can have the focus. */
export function keys(target: HTMLElement, { span, move, home }: Movable): void {
  const acts: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => {
      move(moved(span(), -STEP));
    },
    ArrowRight: () => {
      move(moved(span(), STEP));
    },
    '+': () => {
      move(zoomed(span(), CLOSER, 0.5));
    },
    '-': () => {
      move(zoomed(span(), 1 / CLOSER, 0.5));
    },
    '0': home,
  };
  target.addEventListener('keydown', (event) => {
    const act = acts[event.key === '=' ? '+' : event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
