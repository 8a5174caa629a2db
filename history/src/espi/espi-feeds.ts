import { EspiFeed } from './espi-feed.ts';
import type { Intake } from '../intake.ts';

/** Where a feed ends and another begins, where several stand one after the other: not each has a declaration. */
const BORDER = /<\/(?:[\w.-]+:)?feed\s*>\s*(?=<)|(?=<\?xml)/g;
/** What comes of a border is kept until the rest of it has come. */
const LONGEST_BORDER = 256;

/** Reads Green Button feeds that stand one after the other. */
export async function readFeeds(chunks: AsyncIterable<Uint8Array>, intake: Intake): Promise<EspiFeed[]> {
  let feed = new EspiFeed(intake, 0);
  const feeds = [feed];
  const decoder = new TextDecoder();
  let text = '';
  let begun = false;
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    for (let next = borderIn(text, begun); next !== undefined; next = borderIn(text, begun)) {
      feed.write(text.slice(0, next));
      const { line } = feed;
      feed.end();
      text = text.slice(next);
      feed = new EspiFeed(intake, line);
      feeds.push(feed);
      begun = false;
    }
    const last = text.lastIndexOf('<');
    const whole = last < 0 || text.length - last > LONGEST_BORDER ? text.length : last;
    feed.write(text.slice(0, whole));
    begun ||= whole > 0;
    text = text.slice(whole);
  }
  feed.write(text);
  feed.end();
  return feeds;
}

/** Where a text goes on with another feed; undefined where it does not. @param begun whether one is under way */
function borderIn(text: string, begun: boolean): number | undefined {
  // what stands at its beginning else is that of the feed it begins
  BORDER.lastIndex = begun ? 0 : 1;
  const found = BORDER.exec(text);
  return found === null ? undefined : found.index + found[0].length;
}
