export { byHour } from './home/by-hour.ts';
export { cardTable } from './contest/card.ts';
export { contestOf } from './contest/contest.ts';
export type { Alarms, Contestant } from './contest/contest.ts';
export { contestants } from './contest/contestants.ts';
export { dayPicture } from './pictures/day.ts';
export type { Unusual } from './pictures/day.ts';
export { trainDays } from './networks/day-network.ts';
export { dayProfiles } from './networks/day-profiles.ts';
export { doubts } from './home/doubts.ts';
export { readHome } from './home/home.ts';
export type { Home } from './home/home.ts';
export { lessonsOf } from './networks/lessons.ts';
export { networks } from './networks/networks.ts';
export { profilePicture } from './pictures/profile.ts';
export { rangeByHour } from './pictures/range-by-hour.ts';
export { everyTenthRound, trainRange } from './networks/range-network.ts';
export { rangeTrial, trialSentences } from './networks/range-trial.ts';
export {
  CLOCK,
  homesFolder,
  isPresent,
  loadRealHome,
  realContests,
  realHomes,
} from './contest/real-homes.ts';
export type { RealHome } from './contest/real-homes.ts';
export { readLeftOnModel, refitDecision, reviewedHistory, weeklyBases } from './review/review.ts';
export { scoreByHour } from './pictures/score-by-hour.ts';
export { sensitivity, sensitivityAnswer, sensitivityTable } from './contest/sensitivity.ts';
export { sensitivityPicture } from './pictures/sensitivity-picture.ts';
export { ServiceFile } from './review/service-file.ts';
export type { Episode } from './review/service-file.ts';
export { refitCommand, serviceToReview } from './review/service-to-review.ts';
export { championSentence, overallTable, standingsOf, standingsTable } from './contest/standings.ts';
export type { Standing } from './contest/standings.ts';
export { standingsPicture } from './pictures/standings-picture.ts';
export { element, picture } from './pictures/svg.ts';
export type { TensorFlow } from './networks/tensorflow.ts';
export { networkFolder, parity, withNetwork, writeTrained } from './networks/trained-model.ts';
export { dayTrialLines, unlikeDays } from './networks/unlike-days.ts';
