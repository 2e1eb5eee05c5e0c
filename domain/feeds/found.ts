/**
 * STAT-8: what a decided objection says of a source, counted beside the dispositions of tasks. Granted because the source was wrong
 * counts against its precision; refused, as an answer that was right.
 */
export const SOURCE_FOUND_WRONG = 'OBJECTION_GRANTED'
export const SOURCE_FOUND_RIGHT = 'OBJECTION_REFUSED'
