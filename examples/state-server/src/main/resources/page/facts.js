/** The facts about an entity, as names and values. A fact may link to another entity (`select`), or be brief. */

import { groupKeyOf } from './state.js';
import { exitWords } from './causes.js';
import { consoleAddress } from './console.js';
import { TASK_PHASES } from './status.js';
import { clusterName, lastPart, moment, number, percent } from './words.js';

const attribute = (entity, name) => entity.attributes?.find(each => each.name === name)?.value;

export function factsOf(entry, state, reserved) {
  const facts = {
    'container-instance': () => factsOfInstance(entry, state, reserved),
    'service': () => factsOfService(entry),
    'task': () => factsOfTask(entry, state),
  }[entry.kind]();
  return facts.filter(({ value }) => value !== undefined && value !== '');
}

const fact = (name, value, more) => ({ name, value: value === undefined || value === null ? undefined : String(value), ...more });
/** A moment, with its age. */
const time = (name, at) => fact(name, moment(at), { at });

const ownArn = ({ arn, cluster }) => fact('ARN', arn, { copy: true, href: consoleAddress(arn, cluster) });

const ownCluster = ({ cluster }) => fact('Cluster', clusterName(cluster), { href: consoleAddress(cluster, cluster) });

const brief = (name, value) => fact(name, value, { isBrief: true });

function factsOfInstance(entry, state, reserved) {
  const { arn, entity } = entry;
  const part = name => {
    const found = reserved(entity, name);
    return found && `${number(found.used)} of ${number(found.all)} reserved, ${percent(found.share)}`;
  };
  return [
    brief('Status', entity.status + (entity.statusReason ? `, ${entity.statusReason}` : '')),
    brief('Agent', (entity.agentConnected === false ? 'disconnected' : 'connected')
      + (entity.versionInfo?.agentVersion ? `, ${entity.versionInfo.agentVersion}` : '')),
    brief('Cpu', part('CPU')),
    brief('Memory', part('MEMORY')),
    brief('Tasks', tallyWords(state.on(arn)?.tally) || 'none'),
    fact('ECS counts', `${entity.runningTasksCount ?? 0} running, ${entity.pendingTasksCount ?? 0} pending`),
    brief('Type', [attribute(entity, 'ecs.instance-type'), attribute(entity, 'ecs.availability-zone')].filter(Boolean).join(', ')),
    { ...ownCluster(entry), isBrief: true },
    fact('Capacity provider', entity.capacityProviderName),
    time('Registered', entity.registeredAt),
    fact('EC2 instance', entity.EC2InstanceID, { copy: true }),
    ownArn(entry),
  ];
}

function factsOfService(entry) {
  const { entity } = entry;
  return [
    fact('Status', entity.status),
    fact('Tasks', `${number(entity.runningCount ?? 0)} running of ${number(entity.desiredCount ?? 0)} desired, ${number(entity.pendingCount ?? 0)} pending`),
    ...(entity.deployments ?? []).map(each => fact('Deployment', deploymentWords(each))),
    ...(entity.deployments ?? []).map(each => fact('Rollout', each.rolloutStateReason)),
    fact('Last problem', entity.problem?.message),
    time('Problem at', entity.problem?.createdAt),
    fact('Launch type', entity.launchType),
    fact('Task definition', lastPart(entity.taskDefinitionARN)),
    ownCluster(entry),
    time('Created', entity.createdAt),
    ownArn(entry),
  ];
}

function deploymentWords(each) {
  const failed = each.failedTasks ? `, ${number(each.failedTasks)} failed` : '';
  return `${each.status} ${lastPart(each.taskDefinitionARN)}: ${each.rolloutState ?? 'no rollout state'}, `
    + `${number(each.runningCount ?? 0)} of ${number(each.desiredCount ?? 0)}${failed}`;
}

function factsOfTask(entry, state) {
  const { entity } = entry;
  const instance = state.instances.get(entity.containerInstanceARN);
  return [
    fact('Status', entity.lastStatus + (entity.desiredStatus === entity.lastStatus ? '' : `, desired ${entity.desiredStatus}`)),
    fact('Stopped', [entity.stopCode, entity.stoppedReason].filter(Boolean).join(': ')),
    fact('Health', entity.healthStatus),
    fact('Group', entity.group, { select: groupKeyOf(entry) }),
    fact('Instance', entity.containerInstanceARN && (instance?.entity.EC2InstanceID ?? lastPart(entity.containerInstanceARN)),
      { select: entity.containerInstanceARN }),
    fact('Launch type', [entity.launchType, entity.availabilityZone].filter(Boolean).join(', ')),
    fact('Reserves', [entity.cpu && `cpu ${entity.cpu}`, entity.memory && `memory ${entity.memory}`].filter(Boolean).join(', ')),
    ...(entity.containers ?? []).map(each => fact('Container', containerWords(each))),
    fact('Task definition', lastPart(entity.taskDefinitionARN)),
    fact('Started by', entity.startedBy),
    ownCluster(entry),
    time('Created', entity.createdAt),
    time('Started', entity.startedAt),
    time('Stopped at', entity.stoppedAt),
    fact('Version', entity.version),
    ownArn(entry),
  ];
}

function containerWords(each) {
  return [`${each.name}: ${each.lastStatus ?? 'unknown'}`, each.exitCode === undefined ? undefined : exitWords(each.exitCode),
    each.reason].filter(Boolean).join(', ');
}

export function tallyWords(tally) {
  return tally
    ? TASK_PHASES.filter(phase => tally.inPhase(phase) > 0).map(phase => `${number(tally.inPhase(phase))} ${phase}`).join(', ')
    : '';
}
