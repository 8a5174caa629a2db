export { clockTime, duration, kilowattHours, kilowatts, sentence } from './sentence.ts';
export { type EntityName, type Language, LANGUAGES, type Words, wordsIn } from './words.ts';
