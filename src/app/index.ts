export { appMain } from './main.js';
