import { StrowgerError } from '../../base/index.js';

export class NoSuchConversation extends StrowgerError {
  readonly code = 'conversations.no_such_conversation';
  constructor(id: string) {
    super(`there is no conversation "${id}"`, { hint: 'GET /v1/conversations lists them' });
  }
}
export class ConversationOver extends StrowgerError {
  readonly code = 'conversations.over';
  constructor(id: string) {
    super(`conversation ${id} has ended`, { hint: 'begin another; notes among agents can still be written' });
  }
}
/** It cannot be done to a conversation that stands like this. */
export class WrongState extends StrowgerError {
  readonly code = 'conversations.wrong_state';
}
/** It is on legal hold, so it stays. */
export class ConversationHeld extends StrowgerError {
  readonly code = 'conversations.on_hold';
  constructor(by: string, why: string) {
    super(`the conversation is on legal hold: ${why}`, { hint: `${by} put it there; DELETE /v1/conversations/{id}/hold ends it` });
  }
}
export class NotJoined extends StrowgerError {
  readonly code = 'conversations.not_joined';
  constructor(id: string, hint = 'POST /v1/conversations/{id}/join first') {
    super(`you take no part in conversation ${id}`, { hint });
  }
}
export class MessageRefused extends StrowgerError {
  readonly code = 'conversations.refused';
}
/** Nothing was kept: the disk refuses. */
export class NotKept extends StrowgerError {
  readonly code = 'conversations.not_kept';
  constructor() {
    super('this could not be written', { hint: 'send it again; GET /healthz says whether the disk is full' });
  }
}
