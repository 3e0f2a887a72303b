export { createConversations, type Conversations, type ConversationsOptions } from './conversations.js';
export { ConversationHeld, ConversationOver, MessageRefused, NoSuchConversation, NotJoined, NotKept, WrongState } from './errors.js';
export { LONGEST_TEXT, takesPart } from './talk.js';
export type { Conversation, ConversationQuery, ConversationSearch, ConversationState, Doer, Live, Message, MessageKind, NewConversation, NewMessage, Party, PartyView, Visibility } from './types.js';
