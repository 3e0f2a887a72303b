export type { AppDesk, AppOrder, CustomerName } from './apps.js';
export { createChat, type Chat } from './chat.js';
export { ChatFault, type ChatFaultCode } from './errors.js';
export type { ChatDeps, ChatQueuePort, OfflineOrder, Place as ChatPlace, VisitorSocket } from './ports.js';
export { formValues, language } from './protocol.js';
export { shownFile, shownSettings, shownState } from './shown.js';
export type { ChatDesk } from './desk.js';
export type { Line } from './line.js';
export type { Visitor } from './visitors.js';
