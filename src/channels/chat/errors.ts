import { StrowgerError } from '../../base/index.js';

export type ChatFaultCode = 'chat.no_session' | 'chat.bad_customer_token' | 'chat.form' | 'chat.closed' | 'chat.too_many' | 'chat.not_allowed' | 'chat.no_conversation' | 'chat.refused' | 'chat.foreign_page';

/** Why a visitor is not let in, or not heard. */
export class ChatFault extends StrowgerError {
  constructor(readonly code: ChatFaultCode, message: string, hint?: string, readonly fields: readonly string[] = []) {
    super(message, hint === undefined ? {} : { hint });
  }
}
