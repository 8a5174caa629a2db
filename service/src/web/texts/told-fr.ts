import { DAYS, HOUR, LENGTH, of, POWER, translator, withDays } from './translator.ts';
import type { Saying } from './translator.ts';

const JOURS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];

/** Sentences that core and the service say in English, each as it is said here; a test holds both together. */
const SAYINGS: readonly (readonly [RegExp, Saying])[] = [
  [
    of(`In ${DAYS} days power never rose above ${POWER} around ${HOUR}.`),
    (days, power, hour) => `En ${days} jours, la puissance n’a jamais dépassé ${power} vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days power that rose above ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `En ${days} jours, la puissance qui dépassait ${power} vers ${hour} h n’y est jamais restée plus de ${length}.`,
  ],
  [
    of(`In ${DAYS} days the hourly mean never rose above ${POWER} around ${HOUR}.`),
    (days, power, hour) => `En ${days} jours, la moyenne horaire n’a jamais dépassé ${power} vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days an hourly mean that rose above ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `En ${days} jours, une moyenne horaire qui dépassait ${power} vers ${hour} h n’y est jamais restée plus de ${length}.`,
  ],
  [
    of(`In ${DAYS} days power never kept coming up to between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `En ${days} jours, la puissance n’est jamais revenue sans cesse entre ${low} et ${high} vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days power that kept coming up to between ${POWER} and ${POWER} around ${HOUR} never did so for longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `En ${days} jours, la puissance n’est jamais revenue sans cesse entre ${low} et ${high} vers ${hour} h plus de ${length}.`,
  ],
  [
    of(`In ${DAYS} days power never kept returning to between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `En ${days} jours, la puissance n’est jamais retournée sans cesse entre ${low} et ${high} vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days power that kept returning to between ${POWER} and ${POWER} around ${HOUR} never did so for longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `En ${days} jours, la puissance n’est jamais retournée sans cesse entre ${low} et ${high} vers ${hour} h plus de ${length}.`,
  ],
  [
    of(`In ${DAYS} days power never settled between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `En ${days} jours, la puissance n’est jamais restée entre ${low} et ${high} vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days power that settled between ${POWER} and ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `En ${days} jours, la puissance n’est jamais restée plus de ${length} entre ${low} et ${high} vers ${hour} h.`,
  ],
  [
    of(`In ${DAYS} days nothing of about ${POWER} kept going on and off around ${HOUR}.`),
    (days, power, hour) =>
      `En ${days} jours, rien d’environ ${power} ne s’est allumé et éteint sans cesse vers ${hour} h.`,
  ],
  [
    of(
      `In ${DAYS} days nothing of about ${POWER} that went on and off around ${HOUR} kept at it longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `En ${days} jours, rien d’environ ${power} ne s’est allumé et éteint sans cesse vers ${hour} h plus de ${length}.`,
  ],
  [
    of(`${POWER} now; at (\\d+):00 it has always been between ${POWER} and ${POWER}.`),
    (power, hour, low, high) =>
      `Maintenant ${power} ; à ${hour} h cela a toujours été entre ${low} et ${high}.`,
  ],
  [of('No reading since (.+).'), (when) => `Aucune mesure depuis ${when}.`],
  [of('Nothing was heard for (.+).'), (length) => `Rien n’a été entendu pendant ${length}.`],
  [of('It went on for (.+).'), (length) => `Cela a duré ${length}.`],
  [of('printed'), () => 'affiché'],
  [of('muted'), () => 'muet'],
  [of('answered: that was fine'), () => 'répondu : c’était normal'],
  [of('less than (info|warning|critical)'), (severity) => `moins que ${severity}`],
  [
    of('a newer event of the episode took its place'),
    () => 'une annonce plus récente de l’incident a pris sa place',
  ],
  [of('too old to be told'), () => 'trop ancien pour être annoncé'],
  [of('nobody is at home'), () => 'personne n’est à la maison'],
  [of('for the digest'), () => 'pour le récapitulatif'],
  [of('quiet hours'), () => 'heures calmes'],
  [of('soon after another'), () => 'peu après une autre'],
  [of('(\\d+) messages this month'), (count) => `déjà ${count} ce mois-ci`],
  [of('(\\d+) in an hour'), (count) => `déjà ${count} en une heure`],
  [
    of('stopped in the middle of the delivery; not repeated'),
    () => 'interrompu pendant l’envoi ; pas répété',
  ],
  [of('the channel is no longer set up'), () => 'le canal n’est plus configuré'],
  [of(', and too old after that'), () => ', et trop ancien après cela'],
  [of('; (.+) stands in'), (channel) => ` ; ${channel} prend le relais`],
  [of('no reading yet'), () => 'aucune mesure encore'],
  [of('a gap in the readings'), () => 'un trou dans les mesures'],
  [of('too few readings since the last gap'), () => 'trop peu de mesures depuis le dernier trou'],
  [of('low equals high at this hour'), () => 'à cette heure le bas et le haut sont égaux'],
  [
    of('less than one day of history: no expected range yet'),
    () => 'moins d’un jour d’historique : pas encore de plage attendue',
  ],
  [
    of('([\\d.]+) days of readings; the first (\\d+) days are for learning'),
    (days, first) => `${days} jours de mesures ; les ${first} premiers jours servent à apprendre`,
  ],
  [
    of('a reading every (\\d+) hours; one in an hour or more often is needed'),
    (hours) => `une mesure toutes les ${hours} heures ; il en faut une par heure ou plus souvent`,
  ],
  [
    of('it was made by another version of LeftOn and is to be fitted anew: lefton fit, or lefton refit'),
    () => 'il vient d’une autre version de LeftOn et doit être recalculé : lefton fit, ou lefton refit',
  ],
  [
    of('This service keeps no readings in its own file: start it with LEFTON_KEEP_READINGS=on to look back.'),
    () =>
      'Ce service ne garde pas de mesures dans son propre fichier : le lancer avec LEFTON_KEEP_READINGS=on pour regarder en arrière.',
  ],
  [
    of(
      'On Kafka the history is kept in the file of this process, and this process alone takes the new model up: copy the model file to the others.',
    ),
    () =>
      'Sur Kafka, l’historique reste dans le fichier de ce processus, et lui seul reprend le nouveau modèle : copier le fichier du modèle vers les autres.',
  ],
  [of('Not worse:'), () => 'Pas moins bon :'],
  [of('It finds less:'), () => 'Il trouve moins :'],
  [of('It has fewer false alarms:'), () => 'Il annonce moins souvent pour rien :'],
  [of('It has more false alarms:'), () => 'Il annonce plus souvent pour rien :'],
  [
    of('The model before tells too much, (\\d+) false alarms where (\\d+) (?:was|were) accepted:'),
    (told, accepted) =>
      `Celui d’avant annonce trop, ${told} fois pour rien là où ${accepted} étaient acceptées :`,
  ],
  [
    of('found (.+) with (\\d+) false alarms; the model before (.+) with (\\d+) false alarms'),
    (found, alarms, before, then) =>
      `trouvé ${found} avec ${alarms} annonces inutiles ; celui d’avant ${before} avec ${then}`,
  ],
  [
    of('found (.+); the model before (.+), false alarms not compared as it has seen some of these weeks'),
    (found, before) =>
      `trouvé ${found} ; celui d’avant ${before}, annonces inutiles non comparées car il connaît une partie de ces semaines`,
  ],
  [
    of('It can decide now, on ([\\d.]+) days; the model before could not.'),
    (days) => `Il peut décider maintenant, avec ${days} jours ; celui d’avant ne le pouvait pas.`,
  ],
  [
    of(
      '([\\d.]+) days are too few to hold some out; it has seen as much of the home as the model before, or more.',
    ),
    (days) =>
      `${days} jours sont trop peu pour en réserver ; il connaît le logement aussi longtemps que celui d’avant, ou plus.`,
  ],
  [
    of('([\\d.]+) days are too few to hold some out; the model before has seen ([\\d.]+) days.'),
    (days, before) => `${days} jours sont trop peu pour en réserver ; celui d’avant connaît ${before} jours.`,
  ],
  [of('Still learning:'), () => 'Il apprend encore :'],
  [of('The model before can decide.'), () => 'Celui d’avant peut décider.'],
  [of('Nothing new to learn from.'), () => 'Rien de nouveau à apprendre.'],
  [
    of('It knows more of the home than the one before.'),
    () => 'Il connaît mieux le logement que celui d’avant.',
  ],
  [
    of('.+: expected no other export on its way; finish or cancel that first, found .+'),
    () => 'un autre export est en route ; terminez-le ou annulez-le d’abord',
  ],
  [
    of('.+: expected one of the formats (.+), or a table of your own headed at,watts, found .+'),
    (formats) =>
      `ce format n’est pas connu ici. Sont connus ${formats}, et un tableau à vous dont l’en-tête est at,watts.`,
  ],
  [
    of('.+: expected at most (\\d+) MB; pack it with gzip, or take a shorter time, found (\\d+) MB'),
    (most, found) =>
      `${found} Mo ; ${most} Mo au plus : compressez-le par gzip, ou prenez une période plus courte`,
  ],
  [
    of('.+: expected an export that this machine can read; take a shorter time, or longer steps, found .+'),
    () => 'trop grand pour cette machine : prenez une période plus courte, ou des pas plus longs',
  ],
  [
    of('meter: expected another name: what is replayed here is not mixed with a history, found .+'),
    () => 'prenez un autre nom : ce qui est rejoué ici ne se mêle pas à un historique',
  ],
  [
    of('.+: expected a folder of models .+, found one file, for another meter'),
    () => 'le modèle de ce compteur demande un dossier : lancez lefton serve avec --model DOSSIER',
  ],
];

/** A sentence of the service in French; one that is not known here stays as it is. */
export const toldFr = translator({
  sayings: SAYINGS,
  measuredBy: (cohort) =>
    `Mesuré d’après les logements du groupe ${cohort} : celui-ci a trop peu d’historique.`,
  put: (part) =>
    withDays(part, JOURS)
      .replace('nothing to find', '–')
      .replace(/\bday(s?)\b/, 'jour$1')
      .replace(/\bhour(s?)\b/, 'heure$1'),
});
