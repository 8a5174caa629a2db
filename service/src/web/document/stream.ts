/** One frame of server-sent events. */
export interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * The frames of a stream of the service, as they come, until it ends. Read by hand rather than by EventSource: Home Assistant's
 * ingress packs what is called text/event-stream, and holds it back until there is enough of it.
 * @throws TypeError where the service cannot be reached or goes away, Error where it answers something else
 */
export async function* framesOf(path: string, signal: AbortSignal): AsyncGenerator<Frame> {
  const response = await fetch(path, { headers: { Accept: 'application/octet-stream' }, signal });
  if (!response.ok || response.body === null) throw new Error(response.statusText);
  // that it stands is known before it tells anything
  yield { id: '', event: 'open', data: '' };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const frames = (text + value).split('\n\n');
      text = frames.pop() ?? '';
      yield* frames.flatMap(frameOf);
    }
  } finally {
    // whoever breaks off must not leave the connection open: a browser has six
    await reader.cancel().catch(() => undefined);
  }
}

/** None for a comment, or for the time after which to come back. */
function frameOf(text: string): Frame[] {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const [event, data] = [fields.get('event'), fields.get('data')];
  return event === undefined || data === undefined ? [] : [{ id: fields.get('id') ?? '', event, data }];
}
