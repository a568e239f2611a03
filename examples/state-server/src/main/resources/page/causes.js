/** The causes for which tasks stop, in words. */

const SIGNALS = { 1: 'HUP', 2: 'INT', 4: 'ILL', 6: 'ABRT', 7: 'BUS', 8: 'FPE', 9: 'KILL', 11: 'SEGV', 13: 'PIPE', 15: 'TERM' };

/** A container's exit code. A code above 128 names the signal that ended the container. */
export function exitWords(code) {
  const signal = code > 128 ? code - 128 : undefined;
  return `exit ${code}${signal ? ` (${SIGNALS[signal] ? `SIG${SIGNALS[signal]}` : `signal ${signal}`})` : ''}`;
}

const WORDS = {
  TaskFailedToStart: 'failed to start',
  EssentialContainerExited: 'container exited',
  ServiceSchedulerInitiated: 'stopped by the service',
  UserInitiated: 'stopped by a user',
  SpotInterruption: 'Spot interruption',
  TerminationNotice: 'instance terminated',
};

/** The kind of a cause: a word, and whether it is a failure. ECS stops a task in a deployment or to scale in, too. */
export function kindOf({ stopCode, reason = '', exitCode }) {
  const isAsked = stopCode === 'ServiceSchedulerInitiated' || stopCode === 'UserInitiated';
  const isFailure = stopCode === 'TaskFailedToStart' || (!isAsked && (exitCode ?? 0) !== 0) || /fail|unhealthy|error|unable/i.test(reason);
  const words = isAsked && /health check|unhealthy/i.test(reason) ? 'failed health checks' : (WORDS[stopCode] ?? stopCode ?? 'stopped');
  return { words, isFailure };
}
