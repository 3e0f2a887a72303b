export { createTicketQueue, type TicketQueue, type TicketQueueOptions } from './ticket-queue.js';
