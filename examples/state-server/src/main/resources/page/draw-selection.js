/** The selected entity with its tasks. Without a selection, the tasks that a search finds. */

import { instanceName, reserved } from './draw-instances.js';
import { TaskList } from './draw-tasks.js';
import { setHidden, setText } from './dom.js';
import { nodesOf } from './draw-facts.js';
import { factsOf, tallyWords } from './facts.js';
import { groupKeyOf } from './state.js';
import { clusterArnIn, clusterName, count, lastPart, number } from './words.js';

const isTask = key => key.split('/')[0].endsWith(':task');

const notFound = key => ({ title: 'Not in the view', facts: [{ name: 'Selected', value: key }] });

export class Selection {
  #section = document.querySelector('#selection');
  #title = this.#section.querySelector('h2');
  #facts = this.#section.querySelector('dl');
  #subtitle = this.#section.querySelector('h3');
  #details = this.#section.querySelector('details.json');
  #tasks = new TaskList(this.#section);
  #drawn = '';
  #state;
  #fetched;

  constructor(state, choice, details) {
    this.#state = state;
    this.#fetched = details;
    this.#section.querySelector('.close').addEventListener('click', () => choice.go(choice.select ? { select: '' } : { q: '' }));
    this.#section.addEventListener('click', event => {
      const select = event.target.closest('[data-select]')?.dataset.select;
      if (select) {
        choice.go({ select });
      }
    });
    this.#details.addEventListener('toggle', () => this.#drawJson(this.#found(choice.select).entry));
  }

  draw(scope, choice) {
    const key = choice.select;
    setHidden(this.#section, !key && !scope.isSearch);
    document.body.toggleAttribute('data-selection', Boolean(key || scope.isSearch));
    if (this.#section.hidden) {
      return;
    }
    const found = key ? this.#found(key) : { title: `Living tasks that match “${choice.q.trim()}”`, facts: [], tasks: scope.tasks };
    setText(this.#title, found.title);
    this.#drawFacts(found.facts);
    this.#drawTasks(found, scope);
    setHidden(this.#details, !found.entry);
    this.#drawJson(found.entry);
  }

  #drawFacts(facts) {
    const words = JSON.stringify(facts);
    if (words !== this.#drawn) {
      this.#drawn = words;
      this.#facts.replaceChildren(...facts.flatMap(nodesOf));
    }
    setHidden(this.#facts, facts.length === 0);
  }

  #drawTasks({ tasks, entry }, scope) {
    const shown = tasks && entry && scope.isSearch ? tasks.filter(task => scope.matches(task)) : tasks;
    setHidden(this.#subtitle, !shown);
    if (shown) {
      setText(this.#subtitle, shown.length === tasks.length
        ? count(shown.length, 'task') : `${number(shown.length)} of ${count(tasks.length, 'task')} match`);
    }
    this.#tasks.draw(shown ?? []);
  }

  #drawJson(entry) {
    if (this.#details.open && entry) {
      setText(this.#details.querySelector('pre'), JSON.stringify(entry.entity, null, 2));
    }
  }

  #found(key) {
    const state = this.#state;
    if (state.instances.has(key)) {
      const entry = this.#whole('container-instance', key, state.instances.get(key));
      return { title: `Instance ${instanceName(entry)}`, entry, facts: factsOf(entry, state, reserved), tasks: this.#tasksOf(state.on(key)) };
    }
    if (isTask(key)) {
      return this.#foundTask(key);
    }
    const entry = state.services.get(this.#serviceOf(key));
    const group = state.groups.get(entry ? groupKeyOf(entry) : key);
    if (entry) {
      return { title: `Service ${entry.entity.serviceName}`, entry, facts: factsOf(entry, state), tasks: this.#tasksOf(group) };
    }
    return group ? this.#foundGroup(key, group) : notFound(key);
  }

  /** A task, also one that has ended, which only the server has. */
  #foundTask(key) {
    const entry = this.#whole('task', key, this.#state.tasks.get(key));
    return entry
      ? { title: `Task ${lastPart(key)}`, entry, facts: entry.isKnown ? factsOf(entry, this.#state) : [] }
      : notFound(key);
  }

  /** The entry with all fields as soon as they are fetched; nothing if the server has no such entity. */
  #whole(kind, arn, entry) {
    const { entity, isMissing } = this.#fetched.of(arn, entry);
    return isMissing ? undefined : {
      kind, arn, entity: entity ?? {}, isKnown: entity !== undefined,
      cluster: entry?.cluster ?? entity?.clusterARN ?? clusterArnIn(arn),
    };
  }

  /** The ARN of the service that a group's key or an ARN stands for. */
  #serviceOf(key) {
    if (this.#state.services.has(key)) {
      return key;
    }
    for (const each of this.#state.services.values()) {
      if (groupKeyOf(each) === key) {
        return each.arn;
      }
    }
    return undefined;
  }

  #foundGroup(key, group) {
    const [cluster, name] = key.split('|');
    return {
      title: name.startsWith('family:') ? `Family ${name.slice(7)}` : name,
      facts: [{ name: 'Tasks', value: tallyWords(group.tally) }, { name: 'Cluster', value: clusterName(cluster) }],
      tasks: this.#tasksOf(group),
    };
  }

  #tasksOf(group) {
    return [...(group?.tasks ?? [])].map(arn => this.#state.tasks.get(arn));
  }
}
