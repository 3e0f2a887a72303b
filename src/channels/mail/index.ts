export { createMailer, type Mail, type Mailer, type MailerOptions, type MailView } from './mailer.js';
