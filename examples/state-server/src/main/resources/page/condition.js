/** The condition of a service: its rank in a list with trouble first, a word, and the reason in ECS's words. */

import { isEnded } from './status.js';
import { number } from './words.js';

/** A service below its desired count for this time is in trouble. */
export const SHORT_MILLIS = 60_000;

const RANKS = ['failed', 'unplaced', 'problem', 'rolled-back', 'short', 'moving', 'settling', 'steady', 'ended'];

export const isTrouble = condition => condition.rank <= RANKS.indexOf('short');

/** @param shortMillis the time for which the service has been below its desired count; 0 if it is not */
export function conditionOf(service, shortMillis) {
  const found = conditionIn(service, shortMillis);
  return { ...found, rank: RANKS.indexOf(found.name) };
}

function conditionIn(service, shortMillis) {
  if (isEnded(service.status) || (service.status && service.status !== 'ACTIVE')) {
    return { name: 'ended', words: service.status.toLowerCase() };
  }
  const deployments = service.deployments ?? [];
  const failed = deployments.find(each => each.rolloutState === 'FAILED');
  const back = deployments.find(each => /roll(ing|ed) back/i.test(each.rolloutStateReason ?? ''));
  const primary = deployments.find(each => each.status === 'PRIMARY') ?? deployments[0];
  const isMoving = deployments.length > 1 || primary?.rolloutState === 'IN_PROGRESS';
  if (failed && !back) {
    return { name: 'failed', words: 'deployment failed', why: failed.rolloutStateReason, at: failed.updatedAt };
  }
  const { problem } = service;
  if (problem && (shortMillis > 0 || isMoving)) {
    return { ...problemIn(problem), at: problem.createdAt, progress: isMoving ? `deploying, ${progressOf(primary)}` : undefined };
  }
  if (back) {
    const words = isMoving ? `rolling back, ${progressOf(primary)}` : 'rolled back';
    return { name: 'rolled-back', words, why: failed?.rolloutStateReason ?? back.rolloutStateReason, at: back.updatedAt };
  }
  if (shortMillis >= SHORT_MILLIS) {
    return { name: 'short', words: 'below desired' };
  }
  if (isMoving) {
    return { name: 'moving', words: `deploying, ${progressOf(primary)}` };
  }
  return shortMillis > 0 ? { name: 'settling', words: 'starting tasks' } : { name: 'steady', words: 'steady' };
}

const problemIn = ({ message }) => ({
  ...(message.includes('unable to place') ? { name: 'unplaced', words: 'cannot place a task' }
    : message.includes('unhealthy') || message.includes('health check') ? { name: 'problem', words: 'fails health checks' }
      : message.includes('unable to consistently start') ? { name: 'problem', words: 'cannot start tasks' }
        : { name: 'problem', words: 'has a problem' }),
  why: message.replace(/^\(service [^)]*\) /, '').replace(/ For more information, see .*$/, '')
    .replace(/arn:[^\s)]*:targetgroup\/([^/\s)]+)[^\s)]*/g, '$1'),
});

/** "12 of 40 running, 3 failed" */
function progressOf(deployment) {
  if (!deployment) {
    return 'no deployment';
  }
  const failed = deployment.failedTasks ? `, ${number(deployment.failedTasks)} failed` : '';
  return `${number(deployment.runningCount ?? 0)} of ${number(deployment.desiredCount ?? 0)} running${failed}`;
}
