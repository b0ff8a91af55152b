// Logs are named events with fields, one JSON object a line. No field ever holds a token, a payload or a raw URL:
// a base may carry a secret in its query or user part, and payloads are a stranger's text.
import { type DestinationStream, pino } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogEvent = (event: string, fields?: Record<string, unknown>) => void;
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', LogEvent>>;

export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const formatters = { level: (label: string) => ({ level: label }) };
  const options = { level, base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime, formatters };
  const logger = destination ? pino(options, destination) : pino(options);
  const at =
    (name: keyof Log): LogEvent =>
    (event, fields = {}) =>
      logger[name](fields, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
