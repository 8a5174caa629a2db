/** Why no socket opens there, in a few words: Node's WebSocket does not tell. */
export async function whyNoSocket(url: string, limitMs: number, stop: AbortSignal): Promise<string> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(limitMs), stop]);
    const response = await fetch(url, { redirect: 'manual', signal });
    await response.body?.cancel();
    const to = URL.parse(response.headers.get('location') ?? '', url);
    // its origin only: the rest of a location may be secret
    const where = to === null || to.origin === URL.parse(url)?.origin ? '' : ` to ${to.origin}`;
    return `no WebSocket of Home Assistant there, but HTTP ${response.status}${where}`;
  } catch (error) {
    if (!(error instanceof Error)) return 'no connection';
    const { cause } = error;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
  }
}
