/** The entities of a meter. Part of their ids: never renamed. */
export const ENTITIES = ['score', 'power', 'usual_power', 'unusual', 'last_episode', 'meter_silent'] as const;
export type EntityKey = (typeof ENTITIES)[number];

/** What people read on the page of Home Assistant. */
export type EntityNames = Readonly<Record<EntityKey, string>>;

export const englishNames: EntityNames = {
  score: 'Score',
  power: 'Power',
  usual_power: 'Usual power',
  unusual: 'Unusual power',
  last_episode: 'Last unusual',
  meter_silent: 'Meter silent',
};
