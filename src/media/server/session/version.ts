/** The FreeSWITCH whose event socket we speak, for clients that look at it. */
export const VERSION = '1.10.12';
