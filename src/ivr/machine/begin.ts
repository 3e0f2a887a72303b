import { startAsking } from './asking.js';
import { startCollecting } from './collecting.js';
import { branch, call, hours, set } from './deciding.js';
import { askDesk } from './desk.js';
import { callback, dial, queue, startRecord, transfer } from './leaving.js';
import { ask, run } from './outside.js';
import type { Step } from './plan.js';
import { startSaying } from './saying.js';
import { startTongue } from './tongue.js';
import { enter, finish, type Turn } from './turn.js';
import type { FlowState } from './types.js';

/** What each step begins with. */
export function beginStep(s: FlowState, step: Step): Turn {
  switch (step.do) {
    case 'say': case 'play': return startSaying(s, step);
    case 'ask': return startAsking(s, step);
    case 'collect': case 'survey': return startCollecting(s, step);
    case 'language': return startTongue(s, step);
    case 'branch': return branch(s, step);
    case 'hours': return hours(s, step);
    case 'set': return set(s, step);
    case 'call': return call(s, step);
    case 'goto': return enter(s, step.flow);
    case 'http': return ask(s, step);
    case 'script': return run(s, step);
    case 'ticket': case 'message': return askDesk(s, step);
    case 'record': return startRecord(s, step);
    case 'queue': return queue(s, step);
    case 'callback': return callback(s, step);
    case 'dial': return dial(s, step);
    case 'transfer': return transfer(s, step);
    case 'hang_up': return finish(s);
  }
}
