/** What it took to go on with a partition that somebody else had, or that this process begins with. */
export interface Takeover {
  /** From when it was assigned until it is scored. */
  readonly seconds: number;
  /** Meters whose states were read. */
  readonly states: number;
  /** Readings that had been told before, and are folded again for the states alone. */
  readonly foldedAgain: number;
}

/** Hears how partitions come and go. */
export interface Onlooker {
  /** The partitions were shared out anew, and for so many seconds this process waited. */
  sharedOut(seconds: number): void;
  takenOver(takeover: Takeover): void;
  /** The states of one are what they were, with what was folded again, so many seconds after it was assigned. */
  rebuilt(seconds: number): void;
  /** Partitions that are not there yet. */
  unfinished(partitions: number): void;
  /** Records of one of its partitions that are not scored. */
  isBehind(topic: string, partition: number, records: number): void;
  /** Partitions that this process has now. */
  owns(partitions: number): void;
}
