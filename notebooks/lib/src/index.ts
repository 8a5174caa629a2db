export { byHour } from './by-hour.ts';
export { cardTable } from './card.ts';
export { byModel, byScore, contestOf } from './contest.ts';
export type { Alarms, Contest, Contestant, Lesson } from './contest.ts';
export { contestants } from './contestants.ts';
export { dayPicture } from './day.ts';
export type { Unusual } from './day.ts';
export { trainDays, usualDays } from './day-network.ts';
export type { Unlikeness } from './day-network.ts';
export { dayProfiles } from './day-profiles.ts';
export type { DayProfile } from './day-profiles.ts';
export { doubts } from './doubts.ts';
export { readHome } from './home.ts';
export type { Gap, Home } from './home.ts';
export { lessonsOf } from './lessons.ts';
export type { Lessons } from './lessons.ts';
export { networks } from './networks.ts';
export { profilePicture } from './profile.ts';
export { rangeByHour } from './range-by-hour.ts';
export { everyTenthRound, RangeNetwork, trainRange } from './range-network.ts';
export type { TrainingOptions, TrainingProgress } from './quantile-network.ts';
export { quantileTable, rangeQuality } from './range-quality.ts';
export type { RangeQuality } from './range-quality.ts';
export { rangeTrial, trialSentences } from './range-trial.ts';
export type { RangeTrial } from './range-trial.ts';
export { CLOCK, homesFolder, isPresent, loadRealHome, realContests, realHomes } from './real-homes.ts';
export type { RealHome } from './real-homes.ts';
export { readLeftOnModel, refitDecision, reviewedHistory, weeklyBases } from './review.ts';
export type { ReviewedHistory } from './review.ts';
export { scoreByHour } from './score-by-hour.ts';
export { sensitivity, sensitivityAnswer, sensitivityTable } from './sensitivity.ts';
export type { SensitivityPoint } from './sensitivity.ts';
export { sensitivityPicture } from './sensitivity-picture.ts';
export { ServiceFile } from './service-file.ts';
export type { Episode } from './service-file.ts';
export { refitCommand, serviceToReview } from './service-to-review.ts';
export {
  championOf,
  championSentence,
  overall,
  overallTable,
  standingsOf,
  standingsTable,
} from './standings.ts';
export type { Overall, Standing, Standings } from './standings.ts';
export { standingsPicture } from './standings-picture.ts';
export { element, picture } from './svg.ts';
export type { TensorFlow } from './tensorflow.ts';
export { networkFolder, parity, withNetwork, writeTrained } from './trained-model.ts';
export { dayTrial, dayTrialLines, unlikeDays } from './unlike-days.ts';
export type { DayQuality } from './unlike-days.ts';
