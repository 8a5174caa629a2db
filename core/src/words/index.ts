export { clockTime, duration, kilowattHours, kilowatts, sentence } from './sentence.ts';
export { type Language, LANGUAGES, type NameOf, type Words, wordsIn } from './words.ts';
