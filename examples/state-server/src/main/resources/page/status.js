/** The statuses of ECS, in drawing order, and their meaning at a glance. */

/** Each phase has a colour and a pattern. */
const PHASES = {
  RUNNING: 'running',
  ACTIVATING: 'starting',
  PENDING: 'starting',
  PROVISIONING: 'starting',
  DEACTIVATING: 'stopping',
  STOPPING: 'stopping',
  DEPROVISIONING: 'stopping',
  STOPPED: 'stopped',
  DELETED: 'stopped',
};

export const TASK_STATUSES = Object.keys(PHASES);
export const TASK_PHASES = ['running', 'starting', 'stopping', 'stopped', 'other'];

/** The phases that bars show. Stopped tasks are history. */
export const LIVING_PHASES = TASK_PHASES.filter(phase => phase !== 'stopped');

export const phaseOf = status => PHASES[status] ?? 'other';

export const isEnded = status => status === 'STOPPED' || status === 'DELETED' || status === 'INACTIVE';

const RANKS = { starting: 0, stopping: 1, other: 2, running: 3, stopped: 4 };

/** The rank of a status in a list: changing entities come first, ended entities last. */
export const rank = status => RANKS[phaseOf(status)];

/** The letters that show a block's state without its colour. An active instance has none. */
export const INSTANCE_LETTERS = {
  ACTIVE: '',
  DRAINING: 'D',
  REGISTERING: 'R',
  DEREGISTERING: 'X',
  INACTIVE: 'I',
  REGISTRATION_FAILED: 'F',
};

/** The state of a service's deployments, as a word for the row and a letter. The worst deployment counts. */
export function rollout(service) {
  if (service.status && service.status !== 'ACTIVE') {
    return { state: 'ended', words: service.status.toLowerCase() };
  }
  const deployments = service.deployments ?? [];
  const failed = deployments.find(each => each.rolloutState === 'FAILED');
  if (failed) {
    return { state: 'failed', words: 'failed', reason: failed.rolloutStateReason };
  }
  const moving = deployments.find(each => each.rolloutState === 'IN_PROGRESS');
  if (moving) {
    return { state: 'moving', words: 'in progress', reason: moving.rolloutStateReason };
  }
  return deployments.length > 1
    ? { state: 'moving', words: `${deployments.length} deployments` }
    : { state: 'steady', words: deployments.length === 0 ? '' : 'completed' };
}
