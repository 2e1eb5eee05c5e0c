/**
 * MED-6: that a visit was a mediation is told to nobody but the worker who filed it: to everybody else it is a visit like any
 * other, without its answers. What was agreed is read in the dispute, by those who may see that.
 */
export function isHiddenVisit(visit: { purpose: string | null; by: string }, reader: string): boolean {
  return visit.purpose === 'mediation' && visit.by !== reader
}
