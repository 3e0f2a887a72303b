export { createChatQueue, type ChatQueue, type ChatQueueOptions, type Place } from './chat-queue.js';
